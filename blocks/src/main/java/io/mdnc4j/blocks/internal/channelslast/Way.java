package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.Coded;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The ways to compute a pass of a convolution, with one result but for rounding: the table in which another one is a line.
 * Which is taken {@link #rule} says, or a {@link Trial}.
 */
enum Way implements Coded {
    /** One product with the weights, for kernels of 1. */
    PRODUCT(ProductKernel::suits, ProductKernel::new),
    /** Products of the weights as they lie with what each position sees. */
    WINDOWS(WindowKernel::suits, WindowKernel::new),
    /** Fewer products of transformed maps and weights. */
    WINOGRAD((pass, of) -> WinogradKernel.suits(of), WinogradKernel::new),
    /** oneDNN's convolution of maps as they lie, with the channels of each position side by side. */
    CHANNELS_LAST((pass, of) -> DirectKernel.suits(pass, of, false), (pass, of) -> new DirectKernel(pass, of, false)),
    /** oneDNN's convolution in the layout that it likes best, mostly with channels in blocks. */
    BLOCKED((pass, of) -> DirectKernel.suits(pass, of, true), (pass, of) -> new DirectKernel(pass, of, true));

    private interface Suiting {
        boolean suits(Pass pass, Convolved of);
    }

    private interface Creation {
        Kernel create(Pass pass, Convolved of);
    }

    private final Suiting suiting;
    private final Creation creation;

    Way(Suiting suiting, Creation creation) {
        this.suiting = suiting;
        this.creation = creation;
    }

    @Override
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The way that is taken where none was tried, by what was measured on two cores. */
    static Way rule(Pass pass, Convolved of) {
        if (of.pointwise()) {
            return PRODUCT;
        }
        if (WindowKernel.isRule(of)) {
            return WINDOWS;
        }
        if (WinogradKernel.isRule(pass, of)) {
            return WINOGRAD;
        }
        return DirectKernel.blockedIsRule(pass, of) ? BLOCKED : CHANNELS_LAST;
    }

    /** Those that are right, fit in memory and may be the fastest. */
    static List<Way> candidates(Pass pass, Convolved of) {
        return Arrays.stream(values())
                .filter(way -> way.suiting.suits(pass, of))
                .toList();
    }

    Kernel create(Pass pass, Convolved of) {
        return creation.create(pass, of);
    }
}
