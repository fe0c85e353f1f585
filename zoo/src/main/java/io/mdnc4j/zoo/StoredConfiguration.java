package io.mdnc4j.zoo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/**
 * Reads the configuration of a stored network. DL4J creates objects of whatever classes its JSON names, so that these are
 * looked at first.
 */
final class StoredConfiguration {
    /** Keys whose values DL4J takes for names of classes; {@code type} is that of distributions. */
    private static final Set<String> CLASS_KEYS = Set.of("@class", "type");

    private static final Pattern KNOWN =
            Pattern.compile("(org\\.deeplearning4j|org\\.nd4j|io\\.mdnc4j)(\\.\\w+)*\\.\\w+(\\$\\w+)*");

    /** Libraries that ND4J has taken into its own packages. */
    private static final List<String> FOREIGN = List.of("org.nd4j.shade.", "org.nd4j.guava.");

    /** Enough for every layer of DL4J; deeper nesting could exhaust its reader's stack. */
    private static final int MAX_DEPTH = 64;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private StoredConfiguration() {}

    /**
     * The configuration.
     *
     * @throws IOException if the text is not valid, or names classes that are neither DL4J's nor ours
     */
    static ComputationGraphConfiguration read(String json) throws IOException {
        checkClasses(json);
        ComputationGraphConfiguration configuration;
        try {
            configuration = ComputationGraphConfiguration.fromJson(json);
        } catch (OutOfMemoryError e) {
            // losses have weights, whose lengths DL4J believes
            throw new IOException("its configuration asks for more memory than there is", e);
        } catch (LinkageError e) {
            // any class of DL4J's may be named, also one whose own libraries are not here
            throw new IOException(
                    "its configuration names a class that cannot be loaded here (" + e
                            + "); a library is missing or of another version than it needs",
                    e);
        }
        if (configuration.getVertices() == null || configuration.getNetworkInputs() == null) {
            throw new IOException("its configuration is not that of a ComputationGraph");
        }
        return configuration;
    }

    private static void checkClasses(String json) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                boolean named = token == JsonToken.VALUE_STRING
                        && parser.currentName() != null
                        && CLASS_KEYS.contains(parser.currentName());
                if (named && !allowed(parser.currentName(), parser.getText())) {
                    throw new IOException("its configuration names the class \"" + parser.getText()
                            + "\", which is neither DL4J's nor ours and is not created");
                }
            }
        }
    }

    private static boolean allowed(String key, String name) {
        boolean plainType = key.equals("type") && name.matches("\\w*");
        return plainType || KNOWN.matcher(name).matches() && FOREIGN.stream().noneMatch(name::startsWith);
    }

    /** The number of parameters of a network of that configuration. */
    static long parameters(ComputationGraphConfiguration configuration) {
        long count = 0;
        for (GraphVertex vertex : configuration.getVertices().values()) {
            long own = vertex.numParams(true);
            if (own < 0) {
                throw new ArithmeticException("a layer with a negative number of parameters");
            }
            count = Math.addExact(count, own);
        }
        return count;
    }
}
