package io.mdnc4j.blocks.internal.layers;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Whether an output may be written over an input. */
final class InPlace {
    private InPlace() {}

    /** Whether the array lies where DL4J expects the activations of this vertex, so that it outlives the step. */
    static boolean allowed(INDArray input, LayerWorkspaceMgr workspaces) {
        if (input.isView() && !input.isAttached()) {
            return false;
        }
        String expected = workspaces.isScopedOut(ArrayType.ACTIVATIONS)
                ? null
                : workspaces.getWorkspaceName(ArrayType.ACTIVATIONS);
        String actual = input.isAttached() ? input.data().getParentWorkspace().getId() : null;
        return expected == null ? actual == null : expected.equals(actual);
    }
}
