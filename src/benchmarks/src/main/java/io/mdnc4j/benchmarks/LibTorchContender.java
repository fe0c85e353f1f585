package io.mdnc4j.benchmarks;

import ai.djl.Device;
import ai.djl.ModelException;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.nio.file.Path;

/** The traced network in libtorch, through DJL. */
final class LibTorchContender implements Contender {
    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final Path folder;
    private final NDArray input;

    // two copies of the weights, of which a process that only infers or only trains loads one
    private ZooModel<NDList, NDList> inferred;
    private Predictor<NDList, NDList> predictor;
    private ZooModel<NDList, NDList> trained;
    private Trainer trainer;

    LibTorchContender(Tensors tensors, Path folder) {
        this.folder = folder;
        input = manager.create(tensors.values("input"), new Shape(tensors.shape("input")));
    }

    private ZooModel<NDList, NDList> load(boolean trainable) {
        try {
            return Criteria.builder()
                    .setTypes(NDList.class, NDList.class)
                    .optModelPath(folder.resolve("module.pt"))
                    .optEngine("PyTorch")
                    .optDevice(Device.cpu())
                    .optOption("mapLocation", "true")
                    .optOption("trainParam", Boolean.toString(trainable))
                    .optTranslator(new NoopTranslator())
                    .build()
                    .loadModel();
        } catch (IOException | ModelException e) {
            throw new IllegalStateException(folder + ": cannot be loaded", e);
        }
    }

    @Override
    public float[] infer() {
        if (predictor == null) {
            inferred = load(false);
            predictor = inferred.newPredictor();
        }
        try (NDList output = predictor.predict(new NDList(input))) {
            return output.singletonOrThrow().toFloatArray();
        } catch (TranslateException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void train() {
        backward();
        trainer.step();
    }

    private void backward() {
        if (trainer == null) {
            trained = load(true);
            trainer = trained.newTrainer(new DefaultTrainingConfig(Loss.l2Loss())
                    .optDevices(new Device[] {Device.cpu()})
                    .optOptimizer(Optimizer.sgd()
                            .setLearningRateTracker(Tracker.fixed(LEARNING_RATE))
                            .build()));
            trainer.initialize(input.getShape());
        }
        try (NDManager step = manager.newSubManager();
                GradientCollector collector = trainer.newGradientCollector()) {
            NDArray copy = input.duplicate();
            copy.attach(step);
            NDArray output = trainer.forward(new NDList(copy)).singletonOrThrow();
            NDArray loss = output.square().mean();
            collector.backward(loss);
            loss.getFloat();
        }
    }

    @Override
    public double gradientNorm() {
        backward();
        double squares = 0;
        for (var parameter : trained.getBlock().getParameters().values()) {
            try (NDArray gradient = parameter.getArray().getGradient();
                    NDArray square = gradient.square();
                    NDArray sum = square.sum()) {
                squares += sum.getFloat();
            }
        }
        trainer.step();
        return Math.sqrt(squares);
    }

    @Override
    public void close() {
        if (predictor != null) {
            predictor.close();
            inferred.close();
        }
        if (trainer != null) {
            trainer.close();
            trained.close();
        }
        manager.close();
    }
}
