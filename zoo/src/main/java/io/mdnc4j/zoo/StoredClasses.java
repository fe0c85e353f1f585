package io.mdnc4j.zoo;

import io.mdnc4j.blocks.ArgumentException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.nd4j.shade.jackson.databind.JavaType;
import org.nd4j.shade.jackson.databind.type.TypeFactory;
import org.nd4j.shade.jackson.databind.util.LRUMap;
import org.nd4j.shade.jackson.databind.util.LookupCache;

/**
 * Turns the names in a stored configuration into classes: exactly those of {@code stored-classes.txt} and those that the
 * program has allowed.
 *
 * <p>Jackson asks here in every form that a name may have in JSON, before it loads a class: as a property, first in an array,
 * as an argument of a type, as a value of type {@link Class}. Its {@code PolymorphicTypeValidator} is not asked for the latter
 * two.
 */
final class StoredClasses extends TypeFactory {
    private static final long serialVersionUID = 1;

    private static final String LIST = "stored-classes.txt";

    /** Types that Jackson keeps, as many as its own factory does at most. */
    private static final int KEPT_TYPES = 200;

    private static final Set<String> NAMES = names();

    private static final Map<String, Class<?>> ALLOWED = new ConcurrentHashMap<>();

    StoredClasses() {
        super(cache());
    }

    private static LookupCache<Object, JavaType> cache() {
        return new LRUMap<>(16, KEPT_TYPES);
    }

    private static Set<String> names() {
        try (InputStream in = StoredClasses.class.getResourceAsStream(LIST)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(LIST, e);
        }
    }

    /** See {@link ModelFiles#allow}. */
    static void allow(Class<?> type) {
        ArgumentException.require(
                !type.isInterface() && !Modifier.isAbstract(type.getModifiers()),
                "types",
                type,
                "name the classes themselves whose objects are in model files, not a type that they have in common");
        ALLOWED.put(type.getName(), type);
    }

    /** Whether a class of exactly that name may be loaded. */
    static boolean allows(String name) {
        return NAMES.contains(name) || ALLOWED.containsKey(name);
    }

    /** What is said of others. */
    static String refusal(String name) {
        return "its configuration names the class \"" + name
                + "\", which is neither DL4J's nor ours nor allowed by ModelFiles.allow, and is not created";
    }

    /** {@inheritDoc} Others than those allowed are not looked for. */
    @Override
    public Class<?> findClass(String name) throws ClassNotFoundException {
        if (!allows(name)) {
            // no ClassNotFoundException, for which Jackson may take another class
            throw new IllegalArgumentException(refusal(name));
        }
        Class<?> allowed = ALLOWED.get(name);
        return allowed != null ? allowed : Class.forName(name, true, StoredClasses.class.getClassLoader());
    }
}
