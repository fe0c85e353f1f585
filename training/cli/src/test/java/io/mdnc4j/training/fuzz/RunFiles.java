package io.mdnc4j.training.fuzz;

import io.mdnc4j.training.data.Signal;
import io.mdnc4j.training.fit.FitConfiguration;
import io.mdnc4j.training.fit.LearningRate;
import io.mdnc4j.training.fit.TrainingState;
import io.mdnc4j.training.run.Run;
import io.mdnc4j.training.run.RunFolder;
import io.mdnc4j.training.task.Denoising;
import io.mdnc4j.training.task.TrainingData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** The folder of a run of three epochs, and what is resumed from it. */
final class RunFiles {
    private static final TrainingState STATE = new TrainingState(3, 2, 20, 4.5, 0.25, 2, 0.125);
    private static final String HISTORY = """
            epoch,step,seconds,train_loss,validation_loss,learning_rate
            1,6,1.500,0.5,0.25,0.01
            2,12,3.000,0.25,0.125,0.01
            3,18,4.500,0.125,0.5,0.01
            """;

    private RunFiles() {}

    /** Made when it is asked for first. */
    private static final class Made {
        static final TrainingData DATA = Denoising.of(new Signal("wave", wave(), 100, "V"));
        static final Path FOLDER = folder();

        private static double[] wave() {
            double[] samples = new double[5 * 600];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = Math.sin(i / 9.0);
            }
            return samples;
        }

        private static Path folder() {
            try (RunFolder folder = RunFolder.create(Seeds.FOLDER, "run")) {
                ComputationGraph network = Seeds.network();
                folder.saveLatest(network, STATE, null);
                folder.saveBest(network);
                Files.write(folder.file("history.csv"), history());
                return folder.path();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static byte[] checkpoint() throws IOException {
        Path kept = Seeds.FOLDER.resolve("checkpoint.zip");
        if (!Files.exists(kept)) {
            Files.copy(Made.FOLDER.resolve(RunFolder.CHECKPOINT), kept);
        }
        return Files.readAllBytes(kept);
    }

    static byte[] history() {
        return HISTORY.getBytes(StandardCharsets.US_ASCII);
    }

    static void resumeFromState(Path checkpoint) throws IOException {
        Files.write(Made.FOLDER.resolve("history.csv"), history());
        resume(checkpoint, RunFolder.CHECKPOINT);
    }

    static void resumeFromHistory(Path history) throws IOException {
        Files.write(Made.FOLDER.resolve(RunFolder.CHECKPOINT), checkpoint());
        resume(history, "history.csv");
    }

    private static void resume(Path file, String name) throws IOException {
        Files.copy(file, Made.FOLDER.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        try (RunFolder folder = RunFolder.existing(Made.FOLDER)) {
            Run run = new Run("wave", Made.DATA, folder, new FitConfiguration(8, new LearningRate(0.01), 1));
            run.resume((shape, settings, seed) -> {
                throw new AssertionError("a new network in place of the checkpoint's");
            });
            run.graph().close();
        }
    }
}
