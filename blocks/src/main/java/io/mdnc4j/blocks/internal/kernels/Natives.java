package io.mdnc4j.blocks.internal.kernels;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;

/**
 * The native objects that a plan keeps. The heap sees little of them, so the garbage collector would come for them long after
 * they have filled the memory; they are freed when the plan is.
 */
final class Natives {
    private final List<Pointer> kept = new ArrayList<>();

    /** The object, which outlives every {@link org.bytedeco.javacpp.PointerScope} that it was created in. */
    <P extends Pointer> P keep(P object) {
        object.retainReference();
        kept.add(object);
        return object;
    }

    /** Frees them; nothing that uses them may run any more. */
    void free() {
        kept.forEach(Pointer::releaseReference);
        kept.clear();
    }
}
