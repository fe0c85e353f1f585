package io.mdnc4j.training.cli;

import io.mdnc4j.training.task.DataSource;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which data are used, and how those in files are: options with the names of {@link DataSource}'s components. */
class DataOptions {
    @Option(
            names = "--data",
            required = true,
            paramLabel = "D",
            description =
                    "ecg, digits or brain (come along), a CSV file with one column of a signal, a folder, an HDF5 file,"
                            + " or a CSV file that lists others in columns input and target, class, labels or numbers")
    String data;

    @Option(
            names = {"--sampling-rate", "--rate"},
            paramLabel = "HZ",
            description =
                    "samples a second of a CSV file with one signal (default: 360); of signals in files, those that"
                            + " do not say theirs, and the rate to train on (default: the files' median)")
    Double samplingRate;

    @Option(
            names = "--spacing",
            paramLabel = "MM,..",
            description = "distance of elements of files that do not say theirs, one for all axes or one for each, and"
                    + " that to train on (default: the files' median)")
    String spacing;

    @Option(
            names = "--geometry",
            paramLabel = "HOW",
            description = "resample, refuse or ignore files of another spacing, orientation or rate than the network's"
                    + " (default: resample)")
    String geometry;

    @Option(
            names = "--targets",
            paramLabel = "DIR",
            description = "folder with a target for each file of the folder D, of the same name but for the suffix")
    String targets;

    @Option(names = "--input-path", paramLabel = "P", description = "dataset of inputs in an HDF5 file")
    String inputPath;

    @Option(
            names = "--target-path",
            paramLabel = "P",
            description = "dataset of targets in an HDF5 file, or columns of numbers in a list")
    String targetPath;

    @Option(
            names = "--task",
            paramLabel = "T",
            description = "denoising, regression (at positions), estimation (of numbers of each example), segmentation,"
                    + " classification, or, where several labels may apply at once, multi-label-segmentation or"
                    + " multi-label-classification (default: told by the targets)")
    String task;

    @Option(
            names = "--split",
            paramLabel = "V,T",
            description = "parts of the examples that validate and test (default: 0.15,0.15)")
    String split;

    @Option(names = "--split-seed", paramLabel = "N", description = "seed of which example goes where (default: 0)")
    Long splitSeed;

    @Option(names = "--strict", description = "refuse examples that cannot be read, instead of leaving them out")
    boolean strict;

    @Option(
            names = "--classes",
            paramLabel = "V:C,..",
            description = "classes that values of targets stand for, such as 0:0,255:1 or 0..127:0,128..255:1 or"
                    + " #ff0000:1,*:0 (* are all others, -1 is no class); or objects: numbered ones, told apart where they"
                    + " touch (default: each value a class of its own)")
    String classes;

    @Option(
            names = "--supervision",
            paramLabel = "S",
            description = "what noise is taken out from: clean targets; noisy-targets, with noise of their own"
                    + " (Noise2Noise); blind-spots, of noisy inputs without targets (Noise2Void) (default: clean)")
    String supervision;

    @Option(names = "--cache", paramLabel = "MIB", description = "examples kept in memory, at most (default: 1024)")
    Integer cache;

    @Spec
    private CommandSpec mixin;

    /** The data that the options describe. */
    DataSource source() {
        Map<String, Object> given = new HashMap<>();
        for (OptionSpec option : mixin.options()) {
            given.put(ConfigFile.jsonKey(option), option.getValue());
        }
        return DataSource.of(given);
    }

    /** With what is for training only. */
    static class OfTraining extends DataOptions {
        @Option(
                names = "--patch",
                paramLabel = "N,..",
                description =
                        "train on windows of that size (default: whole examples, of large or different ones what memory and"
                                + " time allow)")
        String patch;

        @Option(
                names = "--labels",
                paramLabel = "NAME,..",
                description = "names of labels that may apply at once, in the order of the targets' channels or columns"
                        + " (default: those that the data have, else 0, 1, ...)")
        String labels;

        @Option(
                names = "--normalize",
                paramLabel = "BY",
                description =
                        "take out mean and deviation of each sample, of each channel of it, of the training set, or none:"
                                + " sample, channel, set, none (default: of noisy signals sample or channel, else set)")
        String normalize;

        @Option(
                names = "--channels",
                paramLabel = "C",
                description = "channels of pictures: gray, rgb, all with opacity, or colours, grey or red, green and"
                        + " blue, as each has them (default: colours)")
        String channels;

        @Option(
                names = "--augment",
                paramLabel = "A,..",
                description =
                        "random changes of training samples: flip, sides (flip along the last axis only), shift, rotate, scale,"
                                + " shear, elastic, gain, noise, each with a strength if wanted, noise:2 for twice as much"
                                + " (default: none)")
        String augment;
    }

    /** With what a network would tell, were one given. */
    static final class OfSearch extends OfTraining {
        @Option(
                names = "--dimensions",
                paramLabel = "N",
                description = "axes of examples in files after that of the channels: 1, 2 or 3 (default: told by"
                        + " --patch or the files)")
        Integer dimensions;
    }
}
