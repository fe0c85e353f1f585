package io.mdnc4j.blocks.internal.layers;

import io.mdnc4j.blocks.ComputePath;
import io.mdnc4j.blocks.InferencePrecision;
import io.mdnc4j.blocks.Tuning;
import io.mdnc4j.blocks.internal.channelslast.Choices;
import io.mdnc4j.blocks.internal.channelslast.Program;
import io.mdnc4j.blocks.internal.channelslast.Team;
import io.mdnc4j.blocks.internal.kernels.Alone;
import io.mdnc4j.blocks.internal.kernels.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ObjLongConsumer;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.nativeblas.NativeOpsHolder;

/** A network's teams of programs for the shapes of inputs that came last, and passes with them. */
public final class Passes {
    /** Those of training and validation, with their smaller last batches, and some more. */
    private static final int MOST = 8;

    private final ComputationGraph network;
    private final Map<List<?>, Optional<Team>> teams = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<?>, Optional<Team>> eldest) {
            if (size() <= MOST) {
                return false;
            }
            eldest.getValue().ifPresent(Team::free);
            return true;
        }
    };

    private ObjLongConsumer<String> clock;
    private Choices fixed;
    private InferencePrecision precision = InferencePrecision.FLOAT;

    /** Those of a network. */
    public Passes(ComputationGraph network) {
        this.network = network;
    }

    /** Has the times of steps told; see {@link Team#setClock}. */
    public void setClock(ObjLongConsumer<String> clock) {
        this.clock = clock;
    }

    /** From the next prediction on. */
    public synchronized void setPrecision(InferencePrecision precision) {
        this.precision = precision;
    }

    private Optional<Team> team(INDArray[] inputs, boolean training, boolean observed) {
        boolean possible = ComputePath.current() == ComputePath.HOST
                && Program.AVAILABLE
                && Rows.serve()
                && Arrays.stream(inputs).noneMatch(input -> input == null || input.isEmpty() || input.wasClosed());
        if (!possible) {
            return Optional.empty();
        }
        Choices choices = choices(training);
        long[][] shapes = Arrays.stream(inputs).map(INDArray::shape).toArray(long[][]::new);
        // layers change when they are frozen; programs share their work among as many threads as there were then
        List<?> key = List.of(
                Arrays.deepToString(shapes),
                training,
                observed,
                choices,
                precision,
                Arrays.stream(network.getVertices())
                        .map(vertex -> System.identityHashCode(vertex.getLayer()))
                        .toList(),
                NativeOpsHolder.getInstance().getDeviceNativeOps().ompGetMaxThreads(),
                Alone.wished());
        Optional<Team> team = teams.computeIfAbsent(
                key, missing -> ChannelsLast.team(network, shapes, training, observed, precision, choices));
        if (choices.isOpen() && team.isPresent() && team.get().tuneOften()) {
            teams.remove(key); // also where there is no memory for another
            team.get().free();
            team = ChannelsLast.team(network, shapes, training, observed, precision, choices);
            teams.put(key, team);
        }
        team.ifPresent(found -> found.setClock(clock));
        return team;
    }

    /** A network that is trained keeps to what is fixed, or to the rules, so that equal trainings give equal numbers. */
    private Choices choices(boolean training) {
        if (!training && precision != InferencePrecision.FLOAT) {
            return Choices.RULES; // others were found for float
        }
        if (training && fixed == null) {
            fixed = Choices.RULES;
        }
        if (fixed != null) {
            return fixed;
        }
        return Tuning.current() == Tuning.ON ? Choices.ofMachine() : Choices.RULES;
    }

    /**
     * Has convolutions computed in these ways from now on, and those that are not named by rule.
     *
     * @param ways as {@link #tune} gave them
     */
    public synchronized void fix(Map<String, String> ways) {
        Choices choices = Choices.fixed(ways);
        free();
        fixed = choices;
    }

    /** What {@link #fix} was given; nothing for the rules after a first step of training. */
    public synchronized Optional<SortedMap<String, String>> fixed() {
        return Optional.ofNullable(fixed).map(Choices::all);
    }

    /** Tries the ways of all convolutions, for predictions and training with inputs of that shape; what was chosen, by key. */
    public synchronized SortedMap<String, String> tune(long... shape) {
        SortedMap<String, String> ways = new TreeMap<>();
        boolean possible = ComputePath.current() == ComputePath.HOST && Program.AVAILABLE && Rows.serve();
        for (boolean training : possible ? new boolean[] {true, false} : new boolean[0]) {
            Optional<Team> team = ChannelsLast.team(
                    network, new long[][] {shape}, training, false, InferencePrecision.FLOAT, Choices.ofMachine());
            team.ifPresent(made -> {
                try {
                    made.tune();
                    ways.putAll(made.choices());
                } finally {
                    made.free();
                }
            });
        }
        return ways;
    }

    /** The outputs for these inputs; empty where DL4J is to compute them. */
    public synchronized Optional<INDArray[]> outputs(INDArray... inputs) {
        return team(inputs, false, false).map(team -> {
            team.forward(inputs);
            List<INDArray> results = new ArrayList<>();
            for (String name : network.getConfiguration().getNetworkOutputs()) {
                INDArray output = team.output(results.size());
                results.add(
                        network.getVertex(name).getLayer() instanceof SpatialLoss loss
                                ? activated(loss, output)
                                : output);
            }
            return results.toArray(INDArray[]::new);
        });
    }

    private static INDArray activated(SpatialLoss loss, INDArray output) {
        if (loss.layerConf().getActivationFn() instanceof ActivationIdentity) {
            return output;
        }
        LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
        loss.setInput(output, none);
        INDArray result = loss.activate(false, none);
        loss.clear();
        return result;
    }

    /** Looks at a step of training. */
    @FunctionalInterface
    public interface Observer {
        /** Called after the forward pass with all activations. */
        void activated(Map<String, INDArray> activations);
    }

    /**
     * A step of training up to the gradients, which then lie where the network has them.
     *
     * @param observer told about activations; {@code null} for none
     * @return the sum of the losses; empty where DL4J is to compute it
     */
    public synchronized Optional<Double> train(INDArray[] inputs, INDArray[] labels, Observer observer) {
        List<String> names = network.getConfiguration().getNetworkOutputs();
        boolean losses = names.stream().allMatch(name -> network.getVertex(name).getLayer() instanceof SpatialLoss);
        if (!losses || labels == null || Arrays.asList(labels).contains(null)) {
            return Optional.empty();
        }
        return team(inputs, true, observer != null).map(team -> {
            LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
            team.forward(inputs);
            if (observer != null) {
                observer.activated(team.activations());
            }
            List<INDArray> gradients = new ArrayList<>();
            List<INDArray> gradientsOfLower = new ArrayList<>();
            double score = 0;
            for (int i = 0; i < names.size(); i++) {
                SpatialLoss loss = (SpatialLoss) network.getVertex(names.get(i)).getLayer();
                loss.setInput(team.output(i), none);
                loss.setLabels(labels[i]);
                int first = names.size() + gradientsOfLower.size();
                int lower = supervise(loss, names.get(i), team, first);
                gradients.add(loss.backpropGradient(null, none).getSecond());
                for (int number = 0; number < lower; number++) {
                    gradientsOfLower.add(loss.gradientOfLower(number));
                }
                score += loss.computeScore(0, true, none);
                loss.clear();
            }
            gradients.addAll(gradientsOfLower);
            team.backward(gradients.toArray(INDArray[]::new));
            return score;
        });
    }

    /** Gives a loss its further outputs, which are the team's from that number on; how many there are. */
    private int supervise(SpatialLoss loss, String name, Team team, int first) {
        Optional<SupervisingVertex> supervising = ChannelsLast.supervising(network, name);
        int count = supervising.map(vertex -> vertex.lower().size()).orElse(0);
        INDArray[] lower =
                IntStream.range(first, first + count).mapToObj(team::output).toArray(INDArray[]::new);
        supervising.ifPresent(vertex -> vertex.supervise(loss, lower));
        return count;
    }

    /** The native kernels of each layer that has some, in the pass that came last; empty before the first. */
    public synchronized Map<String, List<String>> kernels() {
        Map<String, List<String>> kernels = new LinkedHashMap<>();
        // the last is the one used last
        teams.values()
                .forEach(team -> team.ifPresent(found -> {
                    kernels.clear();
                    kernels.putAll(found.kernels());
                }));
        return kernels;
    }

    /** Frees native objects. */
    public synchronized void free() {
        teams.values().forEach(team -> team.ifPresent(Team::free));
        teams.clear();
    }
}
