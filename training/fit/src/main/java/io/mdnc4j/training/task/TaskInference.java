package io.mdnc4j.training.task;

import io.mdnc4j.blocks.ArgumentException;
import io.mdnc4j.training.data.DataScan;
import io.mdnc4j.training.data.DataScan.Found;
import io.mdnc4j.training.files.DataException;
import io.mdnc4j.training.predict.Example;
import io.mdnc4j.zoo.Task;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells from targets what a network is to answer, and which classes there are. */
final class TaskInference {
    private TaskInference() {}

    /**
     * The task that the targets are for.
     *
     * @param wanted the task that is asked for; {@code null} for classification where examples have a class each, several labels
     *     at once where they name any number of them, or have numbers that are all 0, 1 and -1, estimation where they have
     *     others, segmentation where targets are a few whole numbers and stored as such, or have classes by rules, with several
     *     labels at once where they have several channels of 0, 1 and -1, regression otherwise; regression of examples that have
     *     numbers each is estimation
     * @param mapped whether there are rules which classes the values of targets stand for
     * @throws ArgumentException if the targets are for another task than wanted
     * @throws DataException if only some examples have a target
     */
    static Task of(List<Found> found, @Nullable Task wanted, boolean mapped) {
        long labelled = found.stream().filter(one -> one.targetShape() == null).count();
        if (labelled > 0 && labelled < found.size()) {
            throw new DataException("data: " + labelled + " of " + found.size()
                    + " examples have a class or numbers, the others a target at each position; give all of one kind");
        }
        boolean classes = labelled == 0 && isOfClasses(found);
        boolean meant = mapped || found.stream().allMatch(one -> one.facts().integers());
        boolean labels = labelled == 0 && isOfLabels(found);
        boolean several = labels && found.get(0).targetShape()[0] > 1;
        ArgumentException.require(
                !several || !mapped,
                "classes",
                "given, but targets have " + (several ? found.get(0).targetShape()[0] : 0) + " channels of 0 and 1",
                "leave it out: each channel is a label, and several may apply at once");
        Task told = labelled > 0
                ? ofWhole(found)
                : !meant || !classes && !(several && isAbsentSomewhere(found))
                        ? Task.REGRESSION
                        : classes ? Task.SEGMENTATION : Task.MULTI_LABEL_SEGMENTATION;
        if (wanted == null || wanted == told) {
            return told;
        }
        boolean numbers = labelled > 0
                && found.stream().noneMatch(one -> one.entry().numbers().isEmpty());
        if (numbers && (wanted == Task.ESTIMATION || wanted == Task.REGRESSION)) {
            return Task.ESTIMATION;
        }
        if (numbers && wanted == Task.MULTI_LABEL_CLASSIFICATION) {
            requireLabels(found);
            return wanted;
        }
        ArgumentException.require(
                wanted.perExample() == told.perExample() && labelled == 0,
                "task",
                wanted.code() + ", but the data have "
                        + switch (told) {
                            case CLASSIFICATION -> "a class for each example";
                            case ESTIMATION -> "numbers for each example";
                            case MULTI_LABEL_CLASSIFICATION -> "labels for each example, any number of them";
                            default -> "targets of the inputs' size";
                        },
                "use " + told.code());
        ArgumentException.require(
                wanted != Task.MULTI_LABEL_SEGMENTATION || labels,
                "task",
                wanted.code() + ", but the targets are not all of 0 and 1" + notLabels(found),
                "store a channel for each label, 1 where it is there, 0 where not, -1 where that is not known");
        ArgumentException.require(
                wanted != Task.SEGMENTATION || classes,
                "task",
                "segmentation, but the targets are not of one channel with up to " + DataScan.MAX_CLASSES
                        + " whole numbers, a class each",
                "store them as such, or use " + (several ? Task.MULTI_LABEL_SEGMENTATION : Task.REGRESSION).code());
        return wanted;
    }

    private static Task ofWhole(List<Found> found) {
        if (found.stream().noneMatch(one -> one.entry().label().isEmpty())) {
            return Task.CLASSIFICATION;
        }
        boolean named = found.stream().allMatch(one -> one.entry().labels() != null);
        boolean integers = found.stream().allMatch(one -> one.facts().integers());
        return named || integers && notLabel(found) == null && isZeroSomewhere(found)
                ? Task.MULTI_LABEL_CLASSIFICATION
                : Task.ESTIMATION;
    }

    /** Whether every column has a 0: numbers that are 1 and -1 only are no labels, of which -1 would not be known. */
    private static boolean isZeroSomewhere(List<Found> found) {
        return found.get(0).entry().numbers().keySet().stream()
                .allMatch(name -> found.stream().anyMatch(one -> {
                    Double number = one.entry().numbers().get(name);
                    return number != null && number == 0;
                }));
    }

    /** The same of channels, of all together. */
    private static boolean isAbsentSomewhere(List<Found> found) {
        return found.stream()
                .anyMatch(one -> one.classes() != null && one.classes().containsKey("0"));
    }

    private static boolean isLabel(double number) {
        return number == 0 || number == 1 || number == Example.UNLABELLED;
    }

    /** An example with a number other than 0, 1 and -1; {@code null} if there is none. */
    private static @Nullable Found notLabel(List<Found> found) {
        return found.stream()
                .filter(one -> !one.entry().numbers().values().stream().allMatch(TaskInference::isLabel))
                .findFirst()
                .orElse(null);
    }

    private static void requireLabels(List<Found> found) {
        Found other = notLabel(found);
        if (other != null) {
            throw new DataException("data: " + other.entry().name() + " has the numbers "
                    + other.entry().numbers()
                    + "; labels are 1 where an example has them, 0 where not, and -1 where that is not"
                    + " known");
        }
    }

    /** Whether all targets have channels of 0, 1 and -1, each of which can be a label. */
    private static boolean isOfLabels(List<Found> found) {
        return found.stream().noneMatch(one -> one.facts().present().isEmpty());
    }

    private static String notLabels(List<Found> found) {
        return found.stream()
                .filter(one -> one.facts().present().isEmpty())
                .findFirst()
                .map(one -> " (" + one.entry().name() + ")")
                .orElse("");
    }

    /**
     * Names of labels that may apply at once: those that examples name, in their order; of numbers and channels what they are
     * called, or their places from 0.
     *
     * @throws DataException if there is none
     */
    static List<String> labels(List<Found> found) {
        Found first = found.get(0);
        if (first.targetShape() != null) {
            return LongStream.range(0, first.targetShape()[0])
                    .mapToObj(String::valueOf)
                    .toList();
        }
        if (found.stream().anyMatch(one -> one.entry().labels() == null)) {
            return numbers(found);
        }
        List<String> names = found.stream()
                .flatMap(one -> one.entry().labels().stream())
                .distinct()
                .sorted(TaskInference::compare)
                .toList();
        if (names.isEmpty()) {
            throw new DataException("data: no example has a label; name some in the column labels");
        }
        return names;
    }

    /**
     * Names of the numbers that each example has.
     *
     * @throws DataException if examples have different ones
     */
    static List<String> numbers(List<Found> found) {
        List<String> names = List.copyOf(found.get(0).entry().numbers().keySet());
        for (Found one : found) {
            if (!names.equals(List.copyOf(one.entry().numbers().keySet()))) {
                throw new DataException("data: " + one.entry().name() + " has the numbers "
                        + one.entry().numbers().keySet() + ", "
                        + found.get(0).entry().name() + " " + names
                        + "; give all examples the same ones");
            }
        }
        return names;
    }

    /** Whether all targets are of one channel with whole numbers, and not too many different ones. */
    static boolean isOfClasses(List<Found> found) {
        return found.stream()
                        .allMatch(
                                one -> one.classes() != null && one.targetShape() != null && one.targetShape()[0] == 1)
                && names(found).size() <= DataScan.MAX_CLASSES;
    }

    private static Set<String> names(List<Found> found) {
        Set<String> names = new TreeSet<>(TaskInference::compare);
        found.forEach(one -> names.addAll(one.classes().keySet()));
        names.remove(String.valueOf(Example.UNLABELLED));
        return names;
    }

    /**
     * Names of the classes: those of folders or a list in their order, or the numbers in targets by size; empty where answers
     * are values.
     *
     * @throws DataException if there is only one
     */
    static List<String> classes(List<Found> found, Task task) {
        if (!task.hasClasses()) {
            return List.of();
        }
        if (task.isMultiLabel()) {
            return labels(found);
        }
        Stream<String> names = task.perExample()
                ? found.stream().map(one -> one.entry().label()).distinct().sorted(TaskInference::compare)
                : names(found).stream();
        return several(names.toList());
    }

    /** The same names, at least two. */
    static List<String> several(List<String> classes) {
        if (classes.size() < 2) {
            throw new DataException("data: all targets are of the class " + String.join(", ", classes)
                    + "; add examples of another one");
        }
        return classes;
    }

    /** Numbers by size, colours after them. */
    private static int compare(String a, String b) {
        boolean colour = a.startsWith("#");
        if (colour != b.startsWith("#")) {
            return colour ? 1 : -1;
        }
        boolean numbers = a.matches("-?\\d{1,18}") && b.matches("-?\\d{1,18}");
        return numbers ? Long.compare(Long.parseLong(a), Long.parseLong(b)) : a.compareTo(b);
    }
}
