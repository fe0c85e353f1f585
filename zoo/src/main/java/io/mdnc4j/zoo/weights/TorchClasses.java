package io.mdnc4j.zoo.weights;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.PickleException;

/** The classes and functions that pickles of tensors name, and what stands for them here; there are no others. */
final class TorchClasses {
    /** What the calls of a pickle turn into. */
    @FunctionalInterface
    private interface Maker {
        Object make(Object[] arguments, LongConsumer work) throws WeightsException;
    }

    private static final Map<String, Maker> MAKERS = new HashMap<>();

    static {
        MAKERS.put("collections.OrderedDict", TorchClasses::orderedDict);
        MAKERS.put("torch._utils._rebuild_tensor", (arguments, work) -> tensor(arguments));
        MAKERS.put("torch._utils._rebuild_tensor_v2", (arguments, work) -> tensor(arguments));
        MAKERS.put("torch._utils._rebuild_parameter", (arguments, work) -> (StoredTensor) arguments[0]);
        MAKERS.put("torch._utils._rebuild_parameter_with_state", (arguments, work) -> (StoredTensor) arguments[0]);
        MAKERS.put("torch.Size", (arguments, work) -> (Object[]) arguments[0]);
        MAKERS.put("_codecs.encode", (arguments, work) -> NumpyScalar.bytes(arguments));
        MAKERS.put("numpy.dtype", (arguments, work) -> NumpyScalar.type(arguments));
        MAKERS.put("numpy.core.multiarray.scalar", (arguments, work) -> NumpyScalar.of(arguments));
        MAKERS.put("numpy._core.multiarray.scalar", (arguments, work) -> NumpyScalar.of(arguments));
        MAKERS.put("torch.device", (arguments, work) -> String.valueOf((String) arguments[0]));
    }

    private TorchClasses() {}

    /**
     * What stands for that class or function.
     *
     * @param work told of work beyond the ordinary
     * @throws WeightsException if it is not one of those that tensors need
     */
    static IObjectConstructor constructor(String module, String name, LongConsumer work) throws WeightsException {
        Maker maker = MAKERS.get(module + "." + name);
        if (maker != null) {
            return arguments -> {
                try {
                    return maker.make(arguments, work);
                } catch (WeightsException e) {
                    throw new PickleException(e.getMessage(), e);
                }
            };
        }
        TensorType type = name.endsWith("Storage") && module.equals("torch") ? TensorType.ofStorage(name) : null;
        if (type == null) {
            throw new WeightsException("the file asks for \"" + shown(module) + "." + shown(name)
                    + "\", which is neither tensor nor collection and is not created;"
                    + " save the state_dict alone, with elements that are real numbers");
        }
        return new StorageName(type);
    }

    private static String shown(String text) {
        String plain = text.replaceAll("[^\\w.]", "?");
        return plain.length() > 80 ? plain.substring(0, 80) + "..." : plain;
    }

    /** The name of a class of storages. */
    record StorageName(TensorType type) implements IObjectConstructor {
        @Override
        public Object construct(Object[] arguments) {
            throw new PickleException("storages are not created");
        }
    }

    private static Map<Object, Object> orderedDict(Object[] arguments, LongConsumer work) throws WeightsException {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (arguments.length > 0) {
            List<Object> pairs = list(arguments[0]);
            work.accept(pairs.size());
            for (Object pair : pairs) {
                boolean tuple = pair instanceof Object[];
                map.put(
                        (String) (tuple ? ((Object[]) pair)[0] : list(pair).get(0)),
                        tuple ? ((Object[]) pair)[1] : list(pair).get(1));
            }
        }
        return map;
    }

    /** Storage, offset, shape, strides; what follows matters to training only. */
    private static StoredTensor tensor(Object[] arguments) throws WeightsException {
        return new StoredTensor(
                (Storage) arguments[0], number(arguments[1]), numbers(arguments[2]), numbers(arguments[3]));
    }

    private static long[] numbers(Object tuple) throws WeightsException {
        if (!(tuple instanceof Object[] values)) {
            throw new WeightsException("the shape or the strides of a tensor are no tuple");
        }
        if (values.length > StoredTensor.MAX_RANK) {
            throw new WeightsException(
                    "a tensor has " + values.length + " axes, at most " + StoredTensor.MAX_RANK + " are read");
        }
        long[] numbers = new long[values.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(values[i]);
        }
        return numbers;
    }

    /** A whole number that fits a long. */
    static long number(Object value) throws WeightsException {
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        throw new WeightsException("a size or place in the file is no whole number, or too large");
    }

    /** The saved object, which must be a dictionary. */
    static Map<Object, Object> root(Object value) throws WeightsException {
        if (value instanceof Map) {
            return map(value);
        }
        throw new WeightsException("the saved object is no dictionary; save the state_dict");
    }

    @SuppressWarnings("unchecked") // the pickle reader makes no others
    static Map<Object, Object> map(Object value) throws WeightsException {
        if (value instanceof Map) {
            return (Map<Object, Object>) value;
        }
        throw new WeightsException("the pickle sets items of what is no dictionary");
    }

    @SuppressWarnings("unchecked") // the pickle reader makes no others
    static List<Object> list(Object value) throws WeightsException {
        if (value instanceof List) {
            return (List<Object>) value;
        }
        throw new WeightsException("the pickle appends to what is no list");
    }
}
