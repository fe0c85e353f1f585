package io.mdnc4j.training.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePairsTest {
    private static Set<String> set(String names) {
        return new LinkedHashSet<>(Arrays.asList(names.split(" ")));
    }

    @ParameterizedTest
    @CsvSource({
        "a b, a b, a=a b=b",
        "a b, a_mask b_mask, a=a_mask b=b_mask",
        "a, a_mask, a=a_mask",
        "1 10 2, 1_seg 10_seg 2_seg 3_seg, 1=1_seg 10=10_seg 2=2_seg",
        "img_001 img_002, mask_001 mask_002, img_001=mask_001 img_002=mask_002",
        "img001 img011, lab001 lab011, img001=lab001 img011=lab011",
        "p1/7_image p2/7_image, p1/7_mask p2/7_mask, p1/7_image=p1/7_mask p2/7_image=p2/7_mask",
        "cell-a-dapi cell-b-dapi, cell-a-label cell-b-label, cell-a-dapi=cell-a-label cell-b-dapi=cell-b-label",
        // no pair where names say nothing, and none for those that are missing
        "a, b, ''",
        "x_1 x_2 x_3, y_1 y_2, x_1=y_1 x_2=y_2",
    })
    void targetsBelongToInputs(String inputs, String targets, String expected) {
        Map<String, String> pairs = new TreeMap<>(NamePairs.of(set(inputs), set(targets)));
        assertEquals(expected, pairs.entrySet().stream().map(Object::toString).collect(Collectors.joining(" ")));
    }
}
