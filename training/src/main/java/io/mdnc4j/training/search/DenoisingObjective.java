package io.mdnc4j.training.search;

import io.mdnc4j.training.data.Denoising;
import io.mdnc4j.training.data.EpochIterator;
import io.mdnc4j.zoo.ModelDescription;
import io.mdnc4j.zoo.ModelDescription.Normalization;
import io.mdnc4j.zoo.Network;
import io.mdnc4j.zoo.Task;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.dataset.DataSet;

/** Taking noise out of a signal. */
public record DenoisingObjective(Denoising denoising) implements Objective {
    @Override
    public String name() {
        return denoising.signal().name();
    }

    @Override
    public long[] inputShape() {
        return denoising.inputShape();
    }

    @Override
    public int outputs() {
        return 1;
    }

    @Override
    public Task task() {
        return Task.REGRESSION;
    }

    @Override
    public Set<Network> networks() {
        return EnumSet.of(Network.UNET, Network.AUTO_ENCODER);
    }

    @Override
    public EpochIterator training(int batch, long seed) {
        return denoising.training(batch, seed);
    }

    @Override
    public DataSet validation() {
        return denoising.validation().dataSet();
    }

    @Override
    public ModelDescription describe(String model, Map<String, String> properties) {
        return new ModelDescription(
                model,
                "denoising",
                Arrays.stream(inputShape()).boxed().toList(),
                new Normalization(Normalization.By.SAMPLE, List.of(), List.of(), true),
                List.of(),
                denoising.signal().unit(),
                denoising.signal().rate(),
                List.of(),
                properties);
    }
}
