package io.mdnc4j.training.spark;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Spark's workers as processes of their own on this machine, without an installed Spark: all come from the class path. */
final class LocalCluster {
    private LocalCluster() {}

    /** Two workers with one core and 1 GiB of heap each. */
    static JavaSparkContext start() throws java.io.IOException {
        // Spark looks for its jars here
        Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
        return new JavaSparkContext(Contexts.configure(new SparkConf(false))
                .setMaster("local-cluster[2,1,1024]")
                .setAppName("test")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "localhost")
                .set("spark.executor.memory", "1g")
                .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .set(
                        "spark.executor.extraJavaOptions",
                        "-Dorg.bytedeco.javacpp.maxbytes=2g -Dorg.bytedeco.javacpp.maxphysicalbytes=4g")
                .set("spark.executorEnv.OMP_NUM_THREADS", "1"));
    }
}
