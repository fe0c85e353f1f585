package io.mdnc4j.zoo.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.razorvine.pickle.IObjectPickler;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.Pickler;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Pickles that name functions of PyTorch, call them, and refer to storages outside the pickle. */
final class TorchPickle extends Pickler {
    private static final Function REBUILD_TENSOR = new Function("torch._utils", "_rebuild_tensor_v2");
    private static final Function ORDERED_DICT = new Function("collections", "OrderedDict");

    /** A function or class, which the reader looks up. */
    private record Function(String module, String name) {}

    /** What a function returns, which the reader calls. */
    private record Call(Function function, Object... arguments) {}

    /** Something that lies outside the pickle. */
    private record Outside(Object... id) {}

    TorchPickle() {
        super(false); // nothing is referred to twice
    }

    /**
     * What stands for a row-major tensor.
     *
     * @param storage name of the entry with its elements
     */
    static Object tensor(String storage, INDArray tensor) {
        Function type = new Function("torch", StateTensors.type(tensor).torchStorage());
        long[] strides = new long[tensor.rank()];
        long stride = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= tensor.size(axis);
        }
        return new Call(
                REBUILD_TENSOR,
                new Outside("storage", type, storage, "cpu", tensor.length()),
                0,
                tuple(tensor.shape()),
                tuple(strides),
                false, // requires_grad
                new Call(ORDERED_DICT)); // hooks
    }

    private static Object[] tuple(long[] values) {
        return Arrays.stream(values).boxed().toArray();
    }

    @Override
    protected Object persistentId(Object object) {
        return object instanceof Outside outside ? outside.id : null;
    }

    @Override
    protected IObjectPickler getCustomPickler(Class<?> type) {
        if (type == Function.class) {
            return TorchPickle::function;
        }
        return type == Call.class ? TorchPickle::call : null;
    }

    private static void function(Object object, OutputStream out, Pickler pickler) throws IOException {
        Function function = (Function) object;
        out.write(Opcodes.GLOBAL);
        out.write((function.module + "\n" + function.name + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static void call(Object object, OutputStream out, Pickler pickler) throws PickleException, IOException {
        Call call = (Call) object;
        pickler.save(call.function);
        pickler.save(call.arguments);
        out.write(Opcodes.REDUCE);
    }
}
