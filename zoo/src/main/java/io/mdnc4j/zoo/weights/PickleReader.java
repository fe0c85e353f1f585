package io.mdnc4j.zoo.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;

/**
 * Reads pickles of tensors. Only the instructions that {@code torch.save} writes are carried out, only the classes of
 * {@link TorchClasses} are known, and nothing is ever called. Every length is held against the bytes that there are, and
 * the number of instructions is bounded, and with it time and memory.
 */
final class PickleReader extends Unpickler {
    /** Instructions of one pickle: a tensor takes about thirty, each of the scores that a training records about fifteen. */
    private static final int MAX_STEPS = 12_000_000;

    /** Turns a persistent id into a storage. */
    @FunctionalInterface
    interface Storages {
        Storage resolve(Object id) throws WeightsException;
    }

    private final Storages storages;
    private final Source source;
    private long steps;

    /**
     * Reads one pickle; the buffer's position is then behind it.
     *
     * @throws WeightsException if it is damaged or holds anything but tensors, texts, numbers and collections of them
     */
    static Object read(ByteBuffer pickle, Storages storages) throws WeightsException {
        try {
            return new PickleReader(pickle, storages).load();
        } catch (WeightsException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            if (e.getCause() instanceof WeightsException problem) {
                throw problem;
            }
            // stack underflow, a wrong type where an instruction works on one, the end of the file ...
            throw new WeightsException("the pickle is damaged: " + e, e);
        }
    }

    private PickleReader(ByteBuffer pickle, Storages storages) {
        this.source = new Source(pickle);
        this.storages = storages;
    }

    private Object load() throws IOException {
        return load(source);
    }

    /** Counts work that the pickle asks for beyond one step an instruction. */
    private void spend(long work) throws WeightsException {
        steps += work;
        if (steps > MAX_STEPS) {
            throw new WeightsException("the pickle has more than " + MAX_STEPS + " steps; save the state_dict alone");
        }
    }

    @Override
    protected Object dispatch(short opcode) throws IOException {
        spend(1);
        switch (opcode) {
            case Opcodes.GLOBAL -> stack.add(known(PickleUtils.readline(input), PickleUtils.readline(input)));
            case Opcodes.STACK_GLOBAL -> {
                Object name = stack.pop();
                stack.add(known((String) stack.pop(), (String) name));
            }
            case Opcodes.BINPERSID -> stack.add(storages.resolve(stack.pop()));
            case Opcodes.BUILD -> dropAttributes();
            // the library's own maps have no order, and its copies of lists and maps may be many
            case Opcodes.EMPTY_DICT -> stack.add(new LinkedHashMap<>());
            case Opcodes.SETITEM -> {
                Object value = stack.pop();
                put(Arrays.asList(stack.pop(), value));
            }
            case Opcodes.SETITEMS -> put(stack.pop_all_since_marker());
            case Opcodes.APPENDS -> {
                List<Object> items = stack.pop_all_since_marker();
                TorchClasses.list(stack.peek()).addAll(items);
            }
            case Opcodes.BINUNICODE, Opcodes.BINSTRING, Opcodes.BINBYTES -> {
                source.requireCounted(Integer.BYTES);
                return super.dispatch(opcode);
            }
            case Opcodes.BINUNICODE8 -> {
                source.requireCounted(Long.BYTES);
                return super.dispatch(opcode);
            }
            case Opcodes.PROTO,
                    Opcodes.FRAME,
                    Opcodes.STOP,
                    Opcodes.MARK,
                    Opcodes.NONE,
                    Opcodes.NEWTRUE,
                    Opcodes.NEWFALSE,
                    Opcodes.BININT,
                    Opcodes.BININT1,
                    Opcodes.BININT2,
                    Opcodes.LONG1,
                    Opcodes.BINFLOAT,
                    Opcodes.SHORT_BINUNICODE,
                    Opcodes.SHORT_BINSTRING,
                    Opcodes.SHORT_BINBYTES,
                    Opcodes.EMPTY_LIST,
                    Opcodes.APPEND,
                    Opcodes.EMPTY_TUPLE,
                    Opcodes.TUPLE,
                    Opcodes.TUPLE1,
                    Opcodes.TUPLE2,
                    Opcodes.TUPLE3,
                    Opcodes.REDUCE,
                    Opcodes.BINGET,
                    Opcodes.LONG_BINGET,
                    Opcodes.BINPUT,
                    Opcodes.LONG_BINPUT,
                    Opcodes.MEMOIZE -> {
                return super.dispatch(opcode);
            }
            default ->
                throw new WeightsException("the pickle has an instruction (" + opcode
                        + ") that state_dicts do not need; save the state_dict alone");
        }
        return NO_RETURN_VALUE;
    }

    private IObjectConstructor known(String module, String name) throws WeightsException {
        return TorchClasses.constructor(module, name, this::spendUnchecked);
    }

    /** {@link #spend} for constructors, which may throw no checked exception. */
    private void spendUnchecked(long work) {
        try {
            spend(work);
        } catch (WeightsException e) {
            throw new net.razorvine.pickle.PickleException(e.getMessage(), e);
        }
    }

    private void put(List<Object> keysAndValues) throws WeightsException {
        Map<Object, Object> map = TorchClasses.map(stack.peek());
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            Object key = keysAndValues.get(i);
            if (key instanceof Map || key instanceof List) {
                throw new WeightsException("the pickle has a dictionary whose keys are collections");
            }
            map.put(key, keysAndValues.get(i + 1));
        }
    }

    /**
     * Attributes of a state_dict are versions of modules, which nobody needs, and those of a type of numbers say their byte
     * order; nothing else may have any.
     */
    private void dropAttributes() throws WeightsException {
        Object attributes = stack.pop();
        if (stack.peek() instanceof NumpyScalar.Type type) {
            type.requireLittleEndian(attributes);
            return;
        }
        if (!(stack.peek() instanceof Map)) {
            throw new WeightsException("the pickle sets attributes of an object; save the state_dict alone");
        }
    }

    /** The pickle as a stream that knows how much is left. */
    private static final class Source extends InputStream {
        private final ByteBuffer bytes;

        Source(ByteBuffer bytes) {
            this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
        }

        /** Requires that as many bytes follow as the next number, of that many bytes itself, says. */
        void requireCounted(int numberBytes) throws WeightsException {
            if (bytes.remaining() >= numberBytes) {
                long count =
                        numberBytes == Long.BYTES ? bytes.getLong(bytes.position()) : bytes.getInt(bytes.position());
                if (count >= 0 && count <= bytes.remaining() - numberBytes) {
                    return;
                }
            }
            throw new WeightsException("the pickle has a text that is longer than the file; it is damaged");
        }

        @Override
        public int read() {
            return bytes.hasRemaining() ? bytes.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (!bytes.hasRemaining() && length > 0) {
                return -1;
            }
            int count = Math.min(length, bytes.remaining());
            bytes.get(target, offset, count);
            return count;
        }
    }
}
