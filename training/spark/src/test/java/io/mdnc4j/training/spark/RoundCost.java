package io.mdnc4j.training.spark;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.deeplearning4j.spark.impl.paramavg.aggregator.ParameterAveragingAggregationTuple;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import scala.reflect.ClassTag$;

/** Bytes and seconds of what a worker sends back in a round of averaging; main method, arguments are numbers of parameters. */
final class RoundCost {
    private static final int REPETITIONS = 3;
    private static final double NANOS = 1e9;

    private RoundCost() {}

    public static void main(String[] args) {
        SerializerInstance serializer = new JavaSerializer(new SparkConf(false)).newInstance();
        System.out.println("parameters,bytes,write_s,read_s,add_s");
        for (String arg : args) {
            long parameters = Long.parseLong(arg);
            // Adam's updater state is twice the parameters
            INDArray values = Nd4j.rand(DataType.FLOAT, 1, parameters);
            INDArray state = Nd4j.rand(DataType.FLOAT, 1, 2 * parameters);
            ParameterAveragingAggregationTuple result = ParameterAveragingAggregationTuple.builder()
                    .parametersSum(values)
                    .updaterStateSum(state)
                    .aggregationsCount(1)
                    .build();
            double[] best = {Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE};
            long bytes = 0;
            for (int i = 0; i < REPETITIONS; i++) {
                long start = System.nanoTime();
                ByteBuffer written =
                        serializer.serialize(result, ClassTag$.MODULE$.apply(ParameterAveragingAggregationTuple.class));
                long middle = System.nanoTime();
                bytes = written.remaining();
                ParameterAveragingAggregationTuple back = serializer.deserialize(
                        written, ClassTag$.MODULE$.apply(ParameterAveragingAggregationTuple.class));
                long end = System.nanoTime();
                values.addi(back.getParametersSum());
                state.addi(back.getUpdaterStateSum());
                best[0] = Math.min(best[0], (middle - start) / NANOS);
                best[1] = Math.min(best[1], (end - middle) / NANOS);
                best[2] = Math.min(best[2], (System.nanoTime() - end) / NANOS);
            }
            System.out.printf(Locale.ROOT, "%d,%d,%.3f,%.3f,%.3f%n", parameters, bytes, best[0], best[1], best[2]);
        }
    }
}
