package io.mdnc4j.training.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StagePlanTest {
    private static final int MANY = 9;

    /** What nnU-Net's own planner made of these sizes and distances. */
    @ParameterizedTest
    @CsvSource({"plain-3d-anisotropic,3d_fullres", "residual-2d-slices,2d", "residual-3d-regions,3d_fullres"})
    void stagesAreThoseOfNnunetsPlans(String model, String configuration) throws IOException {
        JsonNode plan = new ObjectMapper()
                .readTree(Path.of(System.getProperty("reference.dir"), "nnunet/models", model, "plans.json")
                        .toFile())
                .path("configurations")
                .path(configuration);
        JsonNode network = plan.path("architecture").path("arch_kwargs");
        List<Long> size = new ArrayList<>();
        plan.path("patch_size").forEach(one -> size.add(one.asLong()));
        List<Double> spacing = new ArrayList<>();
        plan.path("spacing").forEach(one -> spacing.add(one.asDouble()));
        StagePlan stages = StagePlan.of(size, spacing, 3, 4, MANY, false);
        assertEquals(network.path("strides").toString(), json(stages.strides()));
        assertEquals(network.path("kernel_sizes").toString(), json(stages.kernels()));
    }

    private static String json(Object value) {
        return new ObjectMapper().valueToTree(value).toString();
    }

    @Test
    void thickSlicesAreHalvedLast() {
        // 3.6 mm between slices of 0.625 mm: twice in the plane alone, then all axes, then again the plane
        StagePlan stages = StagePlan.of(List.of(20L, 320L, 256L), List.of(3.6, 0.625, 0.625), 3, 4, MANY, false);
        assertEquals("[[1,1,1],[1,2,2],[1,2,2],[2,2,2],[2,2,2],[1,2,2],[1,2,2]]", json(stages.strides()));
        assertEquals("[[1,3,3],[1,3,3],[3,3,3],[3,3,3],[3,3,3],[3,3,3],[3,3,3]]", json(stages.kernels()));
        assertFalse(stages.isEven());
        assertEquals(List.of(20L, 320L, 256L), stages.divisible(List.of(22L, 340L, 300L)));
    }

    @Test
    void limitsHold() {
        StagePlan few = StagePlan.of(List.of(512L), List.of(), 5, 4, 4, false);
        assertArrayEquals(new int[] {4}, few.halvings());
        assertTrue(few.isEven());
        assertArrayEquals(
                new int[] {0, 0},
                StagePlan.of(List.of(7L, 7L), List.of(), 3, 4, 4, false).halvings());
        // what is to keep its size is halved where it can be only
        assertArrayEquals(
                new int[] {1, 2},
                StagePlan.of(List.of(46L, 40L), List.of(), 3, 4, 4, true).halvings());
        // nothing to look at beside a single element
        assertEquals(
                "[[1,3,3]]",
                json(StagePlan.of(List.of(1L, 6L, 6L), List.of(), 3, 4, 4, false)
                        .kernels()));
    }
}
