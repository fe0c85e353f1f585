package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.internal.kernels.Convolutions;
import io.mdnc4j.blocks.internal.kernels.Natives;
import io.mdnc4j.blocks.internal.kernels.OneDnn;
import io.mdnc4j.blocks.internal.kernels.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a network does with inputs of certain shapes, step by step, with the channels of each position side by side in
 * memory. Activations and gradients share a thread's memory, each for as long as it is needed; between two passes nothing of
 * them is left. Programs are run by their {@link Team}.
 */
public final class Program {
    /** Whether there is what programs are made of. */
    public static final boolean AVAILABLE = OneDnn.AVAILABLE;

    private final boolean training;
    private final boolean observed;
    private final InferencePrecision precision;
    private final Share share;
    private final Choices choices;
    private final List<OwnGradient> ownGradients = new ArrayList<>();
    private final Map<String, Maps> named = new LinkedHashMap<>();
    private final List<Maps> inputs = new ArrayList<>();
    private final List<Maps> outputs = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final Set<Step> unused = new LinkedHashSet<>();
    private final Map<List<Long>, reorder> reorders = new LinkedHashMap<>();
    private final Natives natives = new Natives();
    private Placement placement;
    private long bytes;

    /**
     * An empty one, to be described.
     *
     * @param training whether there will be backward passes
     * @param observed whether {@link #activations} will be asked for
     * @param precision of products, where there will be none
     * @param share the samples that it takes of each batch
     * @param choices of ways of convolutions
     */
    public Program(boolean training, boolean observed, InferencePrecision precision, Share share, Choices choices) {
        this.training = training;
        this.observed = observed;
        this.precision = training ? InferencePrecision.FLOAT : precision;
        this.share = share;
        this.choices = choices;
    }

    /** A parameter as it is at the time of a pass, and where its gradient goes; of shares, that of the first. */
    public Trained trained(Supplier<INDArray> value, Supplier<INDArray> gradient) {
        if (share.number() == 0) {
            return new Trained(value, gradient);
        }
        OwnGradient own = new OwnGradient(gradient);
        ownGradients.add(own);
        return new Trained(value, own::array);
    }

    /** An input, {@code [N, C, size...]} with all samples of the batch. */
    public Maps input(long... shape) {
        Maps maps = new Maps(share.samples(shape[0]), shape[1], Arrays.copyOfRange(shape, 2, shape.length));
        inputs.add(maps);
        return maps;
    }

    /** A normalisation and, with a slope, a rectifier after it; {@code null} for none. */
    public Maps normalize(String name, Norm norm, Slope slope, Maps x) {
        Maps y = new Maps(x.samples, x.channels, x.size);
        add(
                new Normalizing(name, norm, slope, x, y),
                norm.scale(),
                norm.shift(),
                slope == null ? null : slope.trained());
        y.wantsGradient = true; // the backward pass updates moments
        return y;
    }

    /** A rectifier. */
    public Maps rectify(String name, Slope slope, Maps x) {
        return add(new Rectifying(name, slope, x, new Maps(x.samples, x.channels, x.size)), slope.trained());
    }

    /** A convolution; {@code bias} is {@code null} for none. */
    public Maps convolve(String name, Convolutions convolution, long channels, Trained weight, Trained bias, Maps x) {
        Maps y = new Maps(x.samples, channels, convolution.outputSize(Convolved.size(convolution, x)));
        return convolve(name, convolution, weight, bias, x, y);
    }

    private Maps convolve(String name, Convolutions convolution, Trained weight, Trained bias, Maps x, Maps y) {
        Convolved convolved = new Convolved(convolution, bias != null, precision, x, y);
        return add(new Convolving(name, convolved, weight, bias, training, choices), weight, bias);
    }

    /** A transposed convolution whose stride is its kernel; weights lie as {@code [in, out, k...]}. */
    public Maps transpose(String name, int[] cell, long channels, Trained weight, Trained bias, Maps x) {
        long[] size = x.size.clone();
        for (int axis = 0; axis < size.length; axis++) {
            size[axis] *= cell[axis];
        }
        Maps y = new Maps(x.samples, channels, size);
        return add(new TransposedConvolving(name, cell, weight, bias, training, precision, x, y), weight, bias);
    }

    /** A linear map of maps of size 1, to vectors. */
    public Maps multiply(String name, long channels, Trained weight, Trained bias, Maps x) {
        int[] ones = new int[Math.max(1, x.size.length)];
        Arrays.fill(ones, 1);
        Convolutions pointwise = new Convolutions(ones, ones, new int[ones.length]);
        return convolve(name, pointwise, weight, bias, x, new Maps(x.samples, channels));
    }

    /** Linear interpolation to that size. */
    public Maps upsample(String name, long[] size, Maps x) {
        return add(new Upsampling(name, x, new Maps(x.samples, x.channels, size)));
    }

    /** The central part of that size of all inputs, their channels side by side. */
    public Maps crop(String name, long[] size, Maps... x) {
        long channels = Arrays.stream(x).mapToLong(maps -> maps.channels).sum();
        return add(new Cropping(name, new Maps(x[0].samples, channels, size), x));
    }

    /** The sum of two maps. */
    public Maps sum(String name, Maps a, Maps b) {
        return add(new Summing(name, a, b, new Maps(a.samples, a.channels, a.size)));
    }

    /** Averages over as many windows as the size has places. */
    public Maps pool(String name, long[] size, Maps x) {
        return add(new Pooling(name, x, new Maps(x.samples, x.channels, size)));
    }

    /** Averages over cells of that size, beside each other. */
    public Maps average(String name, int[] cell, Maps x) {
        long[] size = x.size.clone();
        for (int axis = 0; axis < size.length; axis++) {
            size[axis] /= cell[axis];
        }
        return add(new CellAveraging(name, cell, training, x, new Maps(x.samples, x.channels, size)));
    }

    /** @param parameters those that are {@code null} do not count */
    private Maps add(Step step, Trained... parameters) {
        steps.add(step);
        named.put(step.name, step.output);
        step.parameters = Arrays.stream(parameters).filter(Objects::nonNull).toList();
        step.output.wantsGradient =
                !step.parameters.isEmpty() || step.inputs.stream().anyMatch(input -> input.wantsGradient);
        return step.output;
    }

    /** Declares an output. */
    public void output(Maps maps) {
        outputs.add(maps);
    }

    /**
     * To be called once, after everything is described; before passes.
     *
     * @return whether it can be used: not where there is nothing to do
     */
    public boolean complete() {
        if (outputs.stream().anyMatch(maps -> maps.writer == null)
                || new HashSet<>(outputs).size() < outputs.size()
                || !dropUnused()) {
            return false;
        }
        placement = new Placement();
        Map<Step, Integer> times = new LinkedHashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            times.put(steps.get(i), i + 1);
        }
        int loss = steps.size() + 1;
        placeData(times, loss);
        if (training) {
            placeGradients(times, loss);
        }
        bytes = placement.place() * Float.BYTES;
        return true;
    }

    /**
     * Drops steps whose output takes no part in those of the program: from all passes, or, where they are observed, from
     * backward passes. The gradients of their parameters are 0.
     *
     * @return whether nothing else would be lost with them
     */
    private boolean dropUnused() {
        for (int i = steps.size() - 1; i >= 0; i--) {
            Step step = steps.get(i);
            boolean used = outputs.contains(step.output)
                    || step.output.readers.stream().anyMatch(reader -> !unused.contains(reader));
            if (!used) {
                unused.add(step);
            }
        }
        if (!observed) {
            steps.removeAll(unused);
            for (Step step : unused) {
                step.inputs.forEach(input -> input.readers.remove(step));
                step.free();
            }
        }
        return !training || unused.stream().noneMatch(Normalizing.class::isInstance); // which update moments
    }

    private void placeData(Map<Step, Integer> times, int loss) {
        for (Maps input : inputs) {
            input.data = new Slot(input.elements(), 0, lastUse(input, times, loss));
            placement.add(input.data);
        }
        for (Step step : steps) {
            int now = times.get(step);
            int last = lastUse(step.output, times, loss);
            if (step.scratchForward() > 0) {
                step.scratchForward = new Slot(step.scratchForward(), now, now);
                placement.add(step.scratchForward);
            }
            Slot first = step.input().data;
            if (step.canOverwrite() && first.to == now && first.floats == step.output.elements()) {
                first.to = last;
                step.output.data = first;
            } else {
                step.output.data = new Slot(step.output.elements(), now, last);
                placement.add(step.output.data);
            }
        }
    }

    private int lastUse(Maps maps, Map<Step, Integer> times, int loss) {
        int last = observed || outputs.contains(maps) ? loss : 0;
        for (Step reader : maps.readers) {
            int forward = times.get(reader);
            last = Math.max(last, training && reader.readsInputsBackward() ? 2 * loss - forward : forward);
        }
        return last;
    }

    private void placeGradients(Map<Step, Integer> times, int loss) {
        Set<Maps> written = new HashSet<>();
        for (Maps output : outputs) {
            gradientSlot(output, times, loss, loss);
            written.add(output);
        }
        for (int i = steps.size() - 1; i >= 0; i--) {
            Step step = steps.get(i);
            int now = 2 * loss - times.get(step);
            step.adds = new boolean[step.inputs.size()];
            if (!step.output.wantsGradient || unused.contains(step)) {
                continue;
            }
            for (int k = 0; k < step.inputs.size(); k++) {
                Maps input = step.inputs.get(k);
                step.adds[k] = !written.add(input);
                if (input.wantsGradient && !step.adds[k]) {
                    shareOrPlace(step, k, times, loss, now);
                }
            }
            long floats = step.scratchBackward();
            if (floats > 0) {
                step.scratch = new Slot(floats, now, now);
                placement.add(step.scratch);
            }
        }
    }

    private void gradientSlot(Maps maps, Map<Step, Integer> times, int loss, int now) {
        maps.gradient = new Slot(maps.elements(), now, 2 * loss - times.get(maps.writer));
        placement.add(maps.gradient);
    }

    /** The gradient of an input lies where the output's does, if that is its value or is needed no more. */
    private void shareOrPlace(Step step, int k, Map<Step, Integer> times, int loss, int now) {
        Maps input = step.inputs.get(k);
        Slot mine = step.output.gradient;
        int last = 2 * loss - times.get(input.writer);
        boolean over = step.canOverwriteGradient() && mine.to == now && mine.floats == input.elements();
        if (over || step instanceof Summing && canShare(step, k, times, loss, now)) {
            mine.to = Math.max(mine.to, last);
            input.gradient = mine;
        } else {
            gradientSlot(input, times, loss, now);
        }
    }

    /** Whether what is added to this input's gradient later, and to the other's, comes when the other is done. */
    private boolean canShare(Step step, int k, Map<Step, Integer> times, int loss, int now) {
        Maps input = step.inputs.get(k);
        Maps other = step.inputs.get(1 - k);
        if (input == other) {
            return false;
        }
        if (other.gradient != step.output.gradient) {
            return true;
        }
        return addedAfter(input, now, times, loss) > 2 * loss - times.get(other.writer)
                && addedAfter(other, now, times, loss) > 2 * loss - times.get(input.writer);
    }

    /** When the gradient is next added to. */
    private static int addedAfter(Maps maps, int now, Map<Step, Integer> times, int loss) {
        return maps.readers.stream()
                .mapToInt(reader -> 2 * loss - times.get(reader))
                .filter(time -> time > now)
                .min()
                .orElse(Integer.MAX_VALUE);
    }

    /** Takes inputs to outputs; these can be had, and a backward pass made, until that memory serves another pass. */
    void forward(OneDnn oneDnn, INDArray... rows) {
        Pointer values = oneDnn.values.atLeast(bytes);
        placement.slots().forEach(slot -> slot.bind(values));
        for (int i = 0; i < rows.length; i++) {
            Maps maps = inputs.get(i);
            reorder(oneDnn, ofShare(rows[i], maps), maps.pointer(), maps, false);
        }
        for (Step step : steps) {
            run(step, "forward", () -> step.forward(oneDnn, training));
        }
    }

    /** Where this program's samples lie in a batch's rows. */
    private Pointer ofShare(INDArray rows, Maps maps) {
        long batch = rows.size(0);
        return new FloatPointer(Rows.memory(rows, batch * maps.sample()))
                .getPointer((long) share.first(batch) * maps.sample());
    }

    long[] outputShape(int number) {
        return outputs.get(number).shape();
    }

    /** Copies the output of that number to where its samples belong in the batch's rows. */
    void output(OneDnn oneDnn, int number, INDArray rows) {
        Maps maps = outputs.get(number);
        reorder(oneDnn, maps.pointer(), ofShare(rows, maps), maps, true);
    }

    /** Copies the outputs of all steps by name to where its samples belong in those of a batch, where it is observed. */
    void activations(OneDnn oneDnn, long batch, Map<String, INDArray> activations) {
        named.forEach((name, maps) -> {
            long[] shape = maps.shape();
            shape[0] = batch;
            INDArray all =
                    activations.computeIfAbsent(name, missing -> Nd4j.createUninitialized(DataType.FLOAT, shape, 'c'));
            reorder(oneDnn, maps.pointer(), ofShare(all, maps), maps, true);
        });
    }

    /** From the outputs' gradients to those of all parameters, with the memory of the forward pass. */
    void backward(OneDnn oneDnn, INDArray... rows) {
        for (int i = 0; i < rows.length; i++) {
            Maps maps = outputs.get(i);
            reorder(oneDnn, ofShare(rows[i], maps), maps.gradientPointer(), maps, false);
        }
        for (int i = steps.size() - 1; i >= 0; i--) {
            Step step = steps.get(i);
            if (step.output.wantsGradient && !unused.contains(step)) {
                run(step, "backward", () -> step.backward(oneDnn));
            }
        }

        for (Step step : unused) {
            step.parameters.forEach(parameter -> parameter.gradient().get().assign(0));
        }
    }

    /** Adds what this program's samples say to what those of the first share do. */
    void addOwnGradients() {
        ownGradients.forEach(OwnGradient::addToTotal);
    }

    private ObjLongConsumer<String> clock;

    void setClock(ObjLongConsumer<String> clock) {
        this.clock = clock;
    }

    private void run(Step step, String direction, Runnable work) {
        if (clock == null) {
            work.run();
            return;
        }
        long start = System.nanoTime();
        work.run();
        clock.accept(direction + " " + step.name, System.nanoTime() - start);
    }

    /** Between row-major order and channels last; {@code out} of the program or into it. */
    private void reorder(OneDnn oneDnn, Pointer from, Pointer to, Maps maps, boolean out) {
        if (maps.channels == 1 || maps.positions == 1) {
            Pointer.memcpy(to, from, maps.elements() * Float.BYTES);
            return;
        }
        long[] shape = maps.shape();
        memory.desc rows = Primitive.plain(shape);
        memory.desc channels = Primitive.channelsLast(shape);
        try (memory source = new memory(out ? channels : rows, OneDnn.cpu(), from);
                memory target = new memory(out ? rows : channels, OneDnn.cpu(), to)) {
            List<Long> key = new ArrayList<>(Arrays.stream(shape).boxed().toList());
            key.add(out ? 1L : 0L);
            reorders.computeIfAbsent(key, missing -> natives.keep(new reorder(source, target)))
                    .execute(oneDnn.stream, source, target);
            oneDnn.stream._wait();
        }
    }

    /** Has its convolutions tried, between two passes. */
    void tune(Tuner tuner) {
        steps.forEach(step -> step.tune(tuner));
    }

    Choices choices() {
        return choices;
    }

    /** Frees native objects; the program cannot be used any more. */
    public void free() {
        steps.forEach(Step::free);
        ownGradients.forEach(OwnGradient::free);
        natives.free();
    }

    /** The native kernels of each step that has some. */
    Map<String, List<String>> kernels() {
        Map<String, List<String>> kernels = new LinkedHashMap<>();
        steps.forEach(step -> {
            if (!step.kernels().isEmpty()) {
                kernels.put(step.name, step.kernels());
            }
        });
        return kernels;
    }
}
