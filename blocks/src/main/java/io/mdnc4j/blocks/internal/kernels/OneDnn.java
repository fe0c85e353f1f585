package io.mdnc4j.blocks.internal.kernels;

import io.mdnc4j.blocks.ArgumentException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread's use of the oneDNN library: its primitives, each created once for a shape, and the memory in which they see
 * arrays in layouts of their own. ND4J's operations take both anew at every call, which costs them half of the time and more.
 *
 * <p>Of the shapes that were used last a thread keeps as many as {@value #MAX_PLANS} says, each 40 to 150 KB with its machine code;
 * those of the others are freed, and created again (in about half a millisecond) when they return. When the thread has ended, the
 * next one that begins takes over what it had.
 */
public final class OneDnn {
    private static final Logger LOG = LoggerFactory.getLogger(OneDnn.class);

    /** Whether the natives are there; they are for x86-64. */
    public static final boolean AVAILABLE = load();

    /** System property with the number of plans, one for each shape of a convolution, that a thread keeps. */
    static final String MAX_PLANS = "mdnc4j.max-plans";

    /** Those of several sizes of input of the largest network. */
    private static final int DEFAULT_PLANS = 256;

    private static final ThreadLocal<OneDnn> LOCAL = ThreadLocal.withInitial(OneDnn::ofNewThread);

    /** Those of all threads; held by their threads alone, as long as these live. */
    private static final List<WeakReference<OneDnn>> ALL = new LinkedList<>();

    final engine engine = cpu();

    /** The thread's queue of native calls. */
    public final stream stream = new stream(engine).retainReference();

    /** What a primitive reads, in its layout. */
    public final Staging source = new Staging();

    /** Weights or their gradients, in its layout. */
    public final Staging weights = new Staging();

    /** What it writes, in its layout. */
    public final Staging target = new Staging();

    /** A primitive's own. */
    public final Staging scratchpad = new Staging();

    /** Activations and gradients of a pass through a network. */
    public final Staging values = new Staging();

    private final int maxPlans = maxPlans();
    private Thread owner = Thread.currentThread();
    private final List<OneDnn> shares = new ArrayList<>();

    private final Map<Object, Optional<HostConvolution>> convolutions = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Optional<HostConvolution>> eldest) {
            boolean full = size() > maxPlans;
            if (full) {
                eldest.getValue().ifPresent(HostConvolution::free);
            }
            return full;
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

    /** The calling thread's. */
    public static OneDnn ofThread() {
        return LOCAL.get();
    }

    /** The library's version. */
    public static String version() {
        dnnl_version_t version = dnnl.dnnl_version();
        return version.major() + "." + version.minor() + "." + version.patch();
    }

    /** What its kernels use of the processor, or are held to by {@code ONEDNN_MAX_CPU_ISA}. */
    public static String instructionSet() {
        return dnnl.get_effective_cpu_isa().intern().name();
    }

    /** Whether it uses a processor's units for products of bf16 matrices (AMX), or is not held from them. */
    public static boolean multipliesBf16() {
        return multipliesBf16(dnnl.get_effective_cpu_isa().value);
    }

    /** The same of an instruction set, whose bits include those of all that it extends. */
    static boolean multipliesBf16(int instructionSet) {
        int least = dnnl.cpu_isa.avx512_core_amx.value;
        return (instructionSet & least) == least;
    }

    /** The processor, which all primitives are for. */
    public static engine cpu() {
        return Cpu.ENGINE;
    }

    /** Made on first use, when the natives are there. */
    private static final class Cpu {
        static final engine ENGINE = new engine(org.bytedeco.dnnl.engine.kind.cpu, 0).retainReference();
    }

    /** That of a thread that has ended, or one more. Others of such threads are freed, which the garbage collector would do late. */
    private static OneDnn ofNewThread() {
        synchronized (ALL) {
            OneDnn taken = null;
            for (Iterator<WeakReference<OneDnn>> all = ALL.iterator(); all.hasNext(); ) {
                OneDnn oneDnn = all.next().get();
                if (oneDnn != null && oneDnn.owner.isAlive()) {
                    continue;
                }
                if (oneDnn != null && taken == null && oneDnn.maxPlans == maxPlans()) {
                    taken = oneDnn;
                    continue;
                }
                all.remove();
                if (oneDnn != null) {
                    oneDnn.free();
                }
            }
            if (taken == null) {
                taken = new OneDnn();
                ALL.add(new WeakReference<>(taken));
            }
            taken.owner = Thread.currentThread();
            return taken;
        }
    }

    /** What a share of the calling thread's work uses that another thread may do; the first share's is its own. */
    public OneDnn ofShare(int number) {
        while (shares.size() < number) {
            shares.add(new OneDnn());
        }
        return number == 0 ? this : shares.get(number - 1);
    }

    private void free() {
        shares.forEach(OneDnn::free);
        shares.clear();
        convolutions.values().forEach(plan -> plan.ifPresent(HostConvolution::free));
        convolutions.clear();
        Stream.of(source, weights, target, scratchpad, values).forEach(Staging::free);
    }

    private static int maxPlans() {
        String plans = System.getProperty(MAX_PLANS, "" + DEFAULT_PLANS);
        try {
            int number = Integer.parseInt(plans);
            ArgumentException.require(number > 0, MAX_PLANS, plans, "give at least 1");
            return number;
        } catch (NumberFormatException e) {
            throw new ArgumentException(MAX_PLANS, plans, "give a whole number, such as " + DEFAULT_PLANS, e);
        }
    }

    /** Plans that are kept now, and shapes that are known to have none. */
    int plans() {
        return convolutions.size();
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
    @SuppressWarnings({"unchecked", "try"}) // a scope for objects of all classes, which needs no mention
    public static <T> Optional<T> unlessRefused(Object description, Supplier<T> creation) {
        // what is not kept, such as descriptions, is freed here
        try (PointerScope passing = scope()) {
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
    public static final class Staging {
        private static final long ALIGNMENT = 64;

        private BytePointer memory = new BytePointer();
        private Pointer aligned = memory;
        private long size;

        /** At least that many bytes, whatever stands in them; they stay where they are until more is asked for. */
        public Pointer atLeast(long bytes) {
            if (bytes > size) {
                free(); // also where there is too little memory for more
                memory = new BytePointer(bytes + ALIGNMENT).retainReference();
                long misaligned = memory.address() % ALIGNMENT;
                aligned = memory.getPointer((ALIGNMENT - misaligned) % ALIGNMENT);
                size = bytes;
            }
            return aligned;
        }

        void free() {
            memory.close();
            size = 0;
        }
    }

    /** A scope of all types, by the constructor that JavaCPP 1.5.7, which ND4J asks for, has as well. */
    @SuppressWarnings("unchecked") // no generic arrays
    private static PointerScope scope() {
        return new PointerScope((Class<? extends Pointer>[]) new Class<?>[0]);
    }
}
