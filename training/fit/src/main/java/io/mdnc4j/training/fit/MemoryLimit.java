package io.mdnc4j.training.fit;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.DoubleStream;
import org.bytedeco.javacpp.Pointer;

/** How much memory arrays outside of the heap may take: the least of JavaCPP's limits and the machine's or container's memory. */
public final class MemoryLimit {
    private static final double MEBIBYTE = 1 << 20;

    private MemoryLimit() {}

    /** {@return MiB; JavaCPP's limits are as large as the heap may be ({@code -Xmx}) unless others are set} */
    public static double mebibytes() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return DoubleStream.of(Pointer.maxBytes(), Pointer.maxPhysicalBytes(), system.getTotalMemorySize())
                        .filter(bytes -> bytes > 0)
                        .min()
                        .orElse(Double.POSITIVE_INFINITY)
                / MEBIBYTE;
    }
}
