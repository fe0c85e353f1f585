package io.mdnc4j.blocks.internal.channelslast;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** A thread's memory for passes, which is nobody's between them, and its stream of native calls. */
final class Workplace {
    /** The processor. */
    static final engine ENGINE = new engine(engine.kind.cpu, 0);

    private static final ThreadLocal<Workplace> LOCAL = ThreadLocal.withInitial(Workplace::new);

    final stream stream = new stream(ENGINE);
    final Memory values = new Memory();
    final Memory source = new Memory();
    final Memory weights = new Memory();
    final Memory target = new Memory();
    final Memory scratchpad = new Memory();

    private Workplace() {}

    static Workplace ofThread() {
        return LOCAL.get();
    }

    /** Memory that grows to the largest use. */
    static final class Memory {
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
