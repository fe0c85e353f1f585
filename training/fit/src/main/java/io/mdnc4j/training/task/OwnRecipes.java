package io.mdnc4j.training.task;

import io.mdnc4j.blocks.Normalizer;
import io.mdnc4j.blocks.graph.BlockKind;
import io.mdnc4j.zoo.Task;
import java.util.Arrays;

/** Settings for data that nobody has tried yet: those of the data that come along, as deep as the samples' size allows. */
final class OwnRecipes {
    private static final int MAX_STAGES = 4;

    /** Size of the smallest maps, at least. */
    private static final int MIN_SIZE = 4;

    /** By the number of axes, with a block a stage. */
    private static final Recipe[] AT_POSITIONS = {
        null,
        new Recipe(16, new int[] {1}, BlockKind.PLAIN, 5, 16, 5e-3, 4),
        new Recipe(16, new int[] {1}, BlockKind.PLAIN, 3, 8, 5e-3, 5),
        new Recipe(8, new int[] {1}, BlockKind.PLAIN, 3, 2, 5e-3, 8)
    };

    private static final Recipe[] OF_WHOLE = {
        null,
        new Recipe(16, new int[] {1}, BlockKind.PLAIN, 5, 32, 3e-3, 3),
        new Recipe(32, new int[] {1}, BlockKind.PLAIN, 3, 32, 3e-3, 4),
        new Recipe(16, new int[] {1}, BlockKind.PLAIN, 3, 4, 3e-3, 8)
    };

    /** As for classes, but for instance normalisation, which forgets how strong an input is: numbers may depend on that. */
    private static final Recipe[] OF_NUMBERS = {
        null,
        new Recipe(16, new int[] {1}, BlockKind.PLAIN, 5, Normalizer.BATCH, 32, 3e-3, 3),
        new Recipe(32, new int[] {1}, BlockKind.PLAIN, 3, Normalizer.BATCH, 32, 3e-3, 4),
        new Recipe(16, new int[] {1}, BlockKind.PLAIN, 3, Normalizer.BATCH, 4, 3e-3, 8)
    };

    private OwnRecipes() {}

    /** Settings for samples whose shortest axis has that size. */
    static Recipe of(long shortest, int dimensions, Task task) {
        Recipe[] recipes = task == Task.ESTIMATION ? OF_NUMBERS : task.perExample() ? OF_WHOLE : AT_POSITIONS;
        Recipe recipe = recipes[dimensions];
        int stages = 1;
        while (stages < MAX_STAGES && shortest >> stages + 1 >= MIN_SIZE) {
            stages++;
        }
        int[] layers = new int[stages];
        Arrays.fill(layers, recipe.layers()[0]);
        return recipe.withLayers(layers);
    }
}
