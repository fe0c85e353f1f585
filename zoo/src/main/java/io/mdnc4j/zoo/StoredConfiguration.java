package io.mdnc4j.zoo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.distribution.Distribution;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.serde.JsonMappers;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.JsonMappingException;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.exc.InvalidTypeIdException;

/**
 * Reads the configuration of a stored network. DL4J's own reader creates objects of whatever classes the JSON names; this one
 * only those of {@link StoredClasses}.
 */
final class StoredConfiguration {
    /** Keys whose values DL4J takes for names of classes; {@code type} is that of distributions. */
    private static final Set<String> CLASS_KEYS = Set.of("@class", "type");

    /** Enough for every layer of DL4J; deeper nesting could exhaust its reader's stack. */
    private static final int MAX_DEPTH = 64;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private static final ObjectMapper MAPPER = mapper();

    private StoredConfiguration() {}

    /** A class named by a property, and no other class for want of one. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, property = "@class")
    private interface Named {}

    /** The same for distributions. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, property = "type")
    private interface NamedByType {}

    /**
     * DL4J's mapper ({@link JsonMappers}) without what it does for files from before 1.0.0-beta4, which hands parts of the
     * file to other mappers, that load any class. Arrays of that age are not read anyway.
     */
    private static ObjectMapper mapper() {
        ObjectMapper mapper = new ObjectMapper();
        mapper.configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
        mapper.setTypeFactory(new StoredClasses());
        mapper.addMixIn(IActivation.class, Named.class);
        mapper.addMixIn(ILossFunction.class, Named.class);
        mapper.addMixIn(Distribution.class, NamedByType.class);
        return mapper;
    }

    /**
     * The configuration.
     *
     * @throws IOException if the text is not valid, or names classes that are not allowed
     */
    static ComputationGraphConfiguration read(String json) throws IOException {
        checkFirst(json);
        ComputationGraphConfiguration configuration;
        try {
            configuration = MAPPER.readValue(json, ComputationGraphConfiguration.class);
        } catch (InvalidTypeIdException e) {
            String name = e.getTypeId();
            throw new IOException(
                    name == null || StoredClasses.allows(name)
                            ? "its configuration is not valid: " + e.getOriginalMessage()
                            : StoredClasses.refusal(name),
                    e);
        } catch (JsonMappingException e) {
            throw new IOException("its configuration is not valid: " + e.getOriginalMessage(), e);
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
        if (configuration == null || configuration.getVertices() == null || configuration.getNetworkInputs() == null) {
            throw new IOException("its configuration is not that of a ComputationGraph");
        }
        return configuration;
    }

    /** A first look, which bounds the depth and tells most names that will be refused. */
    private static void checkFirst(String json) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                boolean named = token == JsonToken.VALUE_STRING
                        && parser.currentName() != null
                        && CLASS_KEYS.contains(parser.currentName());
                if (named && !allowed(parser.currentName(), parser.getText())) {
                    throw new IOException(StoredClasses.refusal(parser.getText()));
                }
            }
        }
    }

    private static boolean allowed(String key, String name) {
        boolean plainType = key.equals("type") && name.matches("\\w*");
        return plainType || StoredClasses.allows(name);
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
