package io.mdnc4j.training.spark;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Spark with the settings that these networks need; {@code spark-submit --conf} counts before them. */
final class Contexts {
    private static final Map<String, String> DEFAULTS = Map.of(
            // ND4J's own threads use all cores of an executor: its memory is better spent on one task
            "spark.executorEnv.GOMP_SPINCOUNT", "1000",
            // a round has as many tasks as workers, which all shall take part
            "spark.locality.wait", "0s",
            "spark.serializer", "org.apache.spark.serializer.JavaSerializer");

    private Contexts() {}

    static JavaSparkContext create(String application) {
        return new JavaSparkContext(configure(new SparkConf().setIfMissing("spark.app.name", application)));
    }

    /** Adds the defaults. */
    static SparkConf configure(SparkConf conf) {
        DEFAULTS.forEach(conf::setIfMissing);
        return conf;
    }
}
