package io.mdnc4j.blocks.internal.kernels;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;

/**
 * The native objects that a plan keeps. The heap sees little of them, so the garbage collector would come for them long after
 * they have filled the memory; they are freed when the plan is.
 */
public final class Natives {
    private final List<Pointer> kept = new ArrayList<>();

    /** The object, which outlives every {@link org.bytedeco.javacpp.PointerScope} that it was created in. */
    public <P extends Pointer> P keep(P object) {
        object.retainReference();
        kept.add(object);
        return object;
    }

    /** Frees them; nothing that uses them may run any more. */
    public void free() {
        kept.forEach(Pointer::releaseReference);
        kept.clear();
    }
}
