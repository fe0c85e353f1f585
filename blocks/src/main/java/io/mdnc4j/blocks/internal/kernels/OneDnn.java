package io.mdnc4j.blocks.internal.kernels;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread's use of the oneDNN library: its primitives, each created once for a shape, and the memory in which they see
 * arrays in layouts of their own. ND4J's operations take both anew at every call, which costs them half of the time and more.
 */
public final class OneDnn {
    private static final Logger LOG = LoggerFactory.getLogger(OneDnn.class);

    /** Whether the natives are there; they are for x86-64. */
    public static final boolean AVAILABLE = load();

    private static final int MOST_PLANS = 2048;

    private static final ThreadLocal<OneDnn> LOCAL = ThreadLocal.withInitial(OneDnn::new);

    final engine engine = new engine(org.bytedeco.dnnl.engine.kind.cpu, 0);
    final stream stream = new stream(engine);
    final Staging source = new Staging();
    final Staging weights = new Staging();
    final Staging target = new Staging();
    final Staging scratchpad = new Staging();

    private final Map<Object, Optional<HostConvolution>> convolutions = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Optional<HostConvolution>> eldest) {
            return size() > MOST_PLANS;
        }
    };

    private OneDnn() {}

    private static boolean load() {
        try {
            Loader.load(dnnl.class);
            return true;
        } catch (LinkageError e) {
            LOG.debug("oneDNN is missing; ND4J's operations compute convolutions", e);
            return false;
        }
    }

    static OneDnn ofThread() {
        return LOCAL.get();
    }

    /**
     * The convolution of that description, created where it is missing: the first of the ways that oneDNN has primitives for, or
     * empty. What it refuses concerns that description alone.
     */
    Optional<HostConvolution> convolution(List<?> description, List<Supplier<HostConvolution>> ways) {
        // a primitive shares its sums among as many threads as there were when it was created
        List<?> key = List.of(
                description, NativeOpsHolder.getInstance().getDeviceNativeOps().ompGetMaxThreads());
        return convolutions.computeIfAbsent(
                key,
                missing -> ways.stream()
                        .map(way -> unlessRefused(description, way))
                        .flatMap(Optional::stream)
                        .findFirst());
    }

    /** What is created; empty where oneDNN has no such primitive. */
    static <T> Optional<T> unlessRefused(Object description, Supplier<T> creation) {
        try {
            return Optional.of(creation.get());
        } catch (RuntimeException e) {
            if (e.getClass() != RuntimeException.class) {
                throw e; // a fault of ours; the bindings throw that class alone
            }
            LOG.debug("oneDNN refuses {}, which is computed in another way: {}", description, e.getMessage());
            return Optional.empty();
        }
    }

    /** Memory that grows to the largest use and is shared by all plans of the thread. */
    static final class Staging {
        private static final long ALIGNMENT = 64;

        private BytePointer memory = new BytePointer();
        private Pointer aligned = memory;
        private long size;

        /** At least that many bytes, whatever stands in them; they stay where they are until more is asked for. */
        Pointer atLeast(long bytes) {
            if (bytes > size) {
                memory.close();
                memory = new BytePointer(bytes + ALIGNMENT);
                long misaligned = memory.address() % ALIGNMENT;
                aligned = memory.getPointer((ALIGNMENT - misaligned) % ALIGNMENT);
                size = bytes;
            }
            return aligned;
        }
    }
}
