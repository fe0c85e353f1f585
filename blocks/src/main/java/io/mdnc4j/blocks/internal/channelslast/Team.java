package io.mdnc4j.blocks.internal.channelslast;

import io.mdnc4j.blocks.internal.kernels.Alone;
import io.mdnc4j.blocks.internal.kernels.OneDnn;
import io.mdnc4j.blocks.internal.kernels.Rows;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.ObjLongConsumer;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The programs that take a batch's samples in shares, each in a thread of its own, which waits for the others twice a step
 * rather than several times a layer. One that takes the whole batch shares the work of each layer among all threads instead.
 * A team serves one thread at a time; its memory is the calling thread's.
 */
public final class Team {
    /** From so many forward passes on it is worth while to look for faster ways. */
    private static final int OFTEN = 20;

    private final List<Program> programs;
    private final Set<String> keys = new TreeSet<>();
    private int runs;
    private long lastNanos;
    private boolean tried;
    private boolean tuned;

    /** @param programs those of all shares, in order */
    public Team(List<Program> programs) {
        this.programs = List.copyOf(programs);
    }

    /** Takes inputs, {@code [N, C, size...]}, to outputs; these can be had until the thread makes another pass. */
    public void forward(INDArray... inputs) {
        INDArray[] rows = rows(inputs);
        long start = System.nanoTime();
        forEach((program, oneDnn) -> program.forward(oneDnn, rows));
        lastNanos = System.nanoTime() - start;
        runs++;
    }

    /**
     * To be called before a forward pass: from the {@value #OFTEN}th on this tries other ways, for about as long as the pass
     * before took, until all are tried.
     *
     * @return whether a team made anew would compute in other ways
     */
    public boolean tuneOften() {
        return runs >= OFTEN && !tuned && tune(lastNanos);
    }

    /** Tries all ways that have not been tried yet; nothing of a pass is in memory any more. */
    public void tune() {
        tune(Long.MAX_VALUE / 2);
    }

    private boolean tune(long nanos) {
        OneDnn caller = OneDnn.ofThread();
        Choices choices = programs.get(0).choices();
        int before = choices.size();
        boolean complete = true;
        boolean other = false;
        for (int i = 0; i < programs.size(); i++) {
            Program program = programs.get(i);
            Tuner tuner = new Tuner(caller.ofShare(i), choices, System::nanoTime, nanos / programs.size(), keys);
            if (programs.size() == 1) {
                program.tune(tuner);
            } else {
                Alone.run(() -> program.tune(tuner));
            }
            complete &= tuner.isComplete();
            other |= tuner.foundOther();
        }
        tuned = complete;
        tried |= choices.size() > before;
        if (complete && tried) {
            choices.save();
        }
        return complete && other;
    }

    /** What was chosen for its convolutions, by key and short name, once they have been tried. */
    public SortedMap<String, String> choices() {
        return programs.get(0).choices().of(keys);
    }

    /** From the outputs' gradients to those of all parameters, after {@link #forward} in the same thread. */
    public void backward(INDArray... gradients) {
        INDArray[] rows = rows(gradients);
        forEach((program, oneDnn) -> program.backward(oneDnn, rows));
        programs.forEach(Program::addOwnGradients);
    }

    private static INDArray[] rows(INDArray... arrays) {
        return Arrays.stream(arrays)
                .map(array -> array.castTo(DataType.FLOAT))
                .map(floats -> Rows.serve(floats) ? floats : floats.dup('c'))
                .toArray(INDArray[]::new);
    }

    @FunctionalInterface
    private interface Work {
        void run(Program program, OneDnn oneDnn);
    }

    private void forEach(Work work) {
        OneDnn caller = OneDnn.ofThread();
        if (programs.size() == 1) {
            work.run(programs.get(0), caller);
            return;
        }
        List<OneDnn> memories =
                IntStream.range(0, programs.size()).mapToObj(caller::ofShare).toList();
        IntStream.range(0, programs.size())
                .parallel()
                .forEach(i -> Alone.run(() -> work.run(programs.get(i), memories.get(i))));
    }

    /** The output of that number, {@code [N, C, size...]} in row-major order. */
    public INDArray output(int number) {
        long[] shape = programs.get(0).outputShape(number);
        shape[0] = batch();
        INDArray output = Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
        OneDnn oneDnn = OneDnn.ofThread();
        programs.forEach(program -> program.output(oneDnn, number, output));
        return output;
    }

    private long batch() {
        return programs.stream().mapToLong(program -> program.outputShape(0)[0]).sum();
    }

    /** The outputs of all steps by name, {@code [N, C, size...]} in row-major order, of programs that are observed. */
    public Map<String, INDArray> activations() {
        Map<String, INDArray> activations = new LinkedHashMap<>();
        OneDnn oneDnn = OneDnn.ofThread();
        programs.forEach(program -> program.activations(oneDnn, batch(), activations));
        return activations;
    }

    /**
     * Has each step's time told, as {@code forward NAME} or {@code backward NAME} with nanoseconds: of shares, that of the
     * first, which the others keep pace with. {@code null} to end it.
     */
    public void setClock(ObjLongConsumer<String> clock) {
        programs.get(0).setClock(clock);
    }

    /** The native kernels of each step that has some. */
    public Map<String, List<String>> kernels() {
        return programs.get(0).kernels();
    }

    /** Frees native objects; the team cannot be used any more. */
    public void free() {
        programs.forEach(Program::free);
    }
}
