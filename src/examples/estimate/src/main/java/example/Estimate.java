package example;

import io.mdnc4j.blocks.Normalizer;
import io.mdnc4j.training.data.AffineWarp;
import io.mdnc4j.training.files.ArrayFiles;
import io.mdnc4j.training.files.ElementType;
import io.mdnc4j.training.files.StoredArray;
import io.mdnc4j.training.files.TableFormat;
import io.mdnc4j.training.fit.Budget;
import io.mdnc4j.training.fit.FitConfiguration;
import io.mdnc4j.training.fit.LearningRate;
import io.mdnc4j.training.fit.TrainingObserver;
import io.mdnc4j.training.predict.Predictor;
import io.mdnc4j.training.run.Results;
import io.mdnc4j.training.run.Run;
import io.mdnc4j.training.run.RunFolder;
import io.mdnc4j.training.task.DataSource;
import io.mdnc4j.training.task.TrainingData;
import io.mdnc4j.zoo.ResEncoder;
import io.mdnc4j.zoo.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Turns handwritten digits by random angles, and trains an encoder to tell the angle of those of other writers. */
public final class Estimate {
    private static final String DIGITS = "/io/mdnc4j/training/data/digits.csv.gz";
    private static final int PIXELS = 64;
    private static final long[] FROM = {8, 8};
    private static final long[] TO = {20, 20};
    private static final double DEGREES = 60;

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Path list = write(folder.resolve("turned"));

        // columns of numbers beside the files' names: a number for each example
        TrainingData data = DataSource.builder(list.toString()).build().load(System.out::println);
        double reached;
        try (RunFolder runs = RunFolder.create(folder, "angles")) {
            Run run = new Run("resnet.encoder2d", data, runs, new FitConfiguration(32, new LearningRate(3e-3), 1));
            run.start((shape, settings, seed) -> ResEncoder.builder()
                    .inputShape(1, (int) TO[0], (int) TO[1])
                    .outLength(1)
                    .channel(16)
                    .layers(1, 1)
                    .normalizer(Normalizer.BATCH) // instance normalisation would forget how strong an image is
                    .task(Task.ESTIMATION)
                    .configuration(settings)
                    .seed(seed)
                    .build()
                    .init());
            Results results = run.run(Budget.steps(200), new TrainingObserver() {}, () -> false).orElseThrow();
            reached = results.network().metrics().get("rmse");
        }

        Path image = folder.resolve("turned/images/1796.png");
        double angle;
        try (Predictor predictor = Predictor.read(folder.resolve("angles/model.zip"))) {
            INDArray pixels = ArrayFiles.read(image).withDimensions(2); // [1, 20, 20]
            angle = predictor.predict(pixels).getDouble(0); // in degrees, as in the list
        }
        System.out.printf(Locale.ROOT, "estimate: %s is turned by %.1f degrees; error %.1f%n", image.getFileName(), angle, reached);
        System.exit(reached < 20 && Math.abs(angle) < 2 * DEGREES ? 0 : 1);
    }

    /** Writes images and a list of them; the last 500 are by other writers. */
    static Path write(Path folder) throws IOException {
        double[][] columns = TableFormat.read(Estimate.class.getResourceAsStream(DIGITS), DIGITS).columns();
        Files.createDirectories(folder.resolve("images"));
        Random random = new Random(3);
        StringBuilder list = new StringBuilder("input,angle,part\n");
        for (int line = 0; line < columns[0].length; line++) {
            float[] digit = new float[PIXELS];
            for (int i = 0; i < PIXELS; i++) {
                digit[i] = (float) columns[i][line];
            }
            double degrees = DEGREES * (2 * random.nextDouble() - 1);
            INDArray image = Nd4j.createFromArray(turned(digit, degrees)).reshape('c', 1, TO[0], TO[1]);
            String name = String.format(Locale.ROOT, "images/%04d.png", line);
            ArrayFiles.write(folder.resolve(name), new StoredArray(image, true, ElementType.UINT8));
            String part = line < 1097 ? "train" : line < 1297 ? "validation" : "test";
            list.append(String.format(Locale.ROOT, "%s,%.2f,%s%n", name, degrees, part));
        }
        return Files.writeString(folder.resolve("list.csv"), list);
    }

    /** A digit of twice the size, turned about its middle, in grey values of 0 to 255. */
    private static float[] turned(float[] digit, double degrees) {
        double cosine = Math.cos(Math.toRadians(degrees)) / 2;
        double sine = Math.sin(Math.toRadians(degrees)) / 2;
        double[] middle = {(FROM[0] - 1) / 2.0, (FROM[1] - 1) / 2.0};
        float[] pixels = new AffineWarp(new double[][] {{cosine, sine}, {-sine, cosine}}, middle).linear(digit, FROM, TO, 0);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = Math.round(255 / 16f * pixels[i]);
        }
        return pixels;
    }
}
