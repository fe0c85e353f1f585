package io.mdnc4j.zoo.summary;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.mdnc4j.blocks.ArgumentException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** How a {@link LayerTable} is written. */
public enum LayerTableFormat {
    /** For people: aligned columns, with work and memory, and the totals below. */
    TEXT {
        @Override
        void append(LayerTable table, long batch, Appendable out) throws IOException {
            String line = "%-20s  %-20s  %12s  %15s  %12s\n";
            out.append(String.format(line, "layer", "output shape", "parameters", "mult-adds", "memory MiB"));
            long elements = 0;
            for (LayerTable.Row row : table.rows()) {
                elements += row.elements() * batch;
                out.append(String.format(
                        Locale.ROOT,
                        line,
                        row.label(),
                        LayerTable.shape(row.shape()),
                        row.further() ? "" : grouped(row.parameters()),
                        row.multiplyAccumulates() == 0 ? "" : grouped(row.multiplyAccumulates() * batch),
                        figure(elements * Float.BYTES / (double) (1 << 20))));
            }
            String total = "%-46s %s\n";
            out.append("\n");
            out.append(String.format(total, "model", table.model()));
            out.append(String.format(
                    total, "input", LayerTable.shape(table.inputShape()) + (batch == 1 ? "" : ", batch of " + batch)));
            out.append(String.format(total, "parameters", grouped(table.parameters())));
            if (table.depth() != null) {
                out.append(String.format(total, "convolutional layers along the depth", table.depth()));
            }
            out.append(String.format(total, "rows", table.count()));
            out.append(String.format(
                    total, "multiply-adds of a forward pass", grouped(table.multiplyAccumulates() * batch)));
            out.append(String.format(total, "input, MiB", figure(table.inputMebibytes(batch))));
            out.append(String.format(total, "forward and backward pass, MiB", figure(table.passMebibytes(batch))));
            out.append(String.format(total, "parameters, MiB", figure(table.parameterMebibytes())));
            out.append(String.format(total, "total, MiB", figure(table.totalMebibytes(batch))));
            out.append(String.format(
                    total, "estimate of a training step with Adam here, MiB", figure(table.trainingMebibytes(batch))));
        }
    },
    /** The rows: {@code index,type,output_shape,params,label}. */
    CSV {
        @Override
        void append(LayerTable table, long batch, Appendable out) throws IOException {
            CSVPrinter printer = CSVFormat.DEFAULT
                    .builder()
                    .setRecordSeparator('\n')
                    .setHeader("index", "type", "output_shape", "params", "label")
                    .build()
                    .print(out);
            for (LayerTable.Row row : table.rows()) {
                printer.printRecord(
                        row.index(),
                        row.type(),
                        LayerTable.shape(row.shape()),
                        row.further() ? "" : row.parameters(),
                        row.label());
            }
        }
    },
    /** The totals, as one object. */
    JSON {
        @Override
        void append(LayerTable table, long batch, Appendable out) throws IOException {
            ObjectMapper mapper = new ObjectMapper();
            ObjectNode totals = mapper.createObjectNode();
            totals.put("model", table.model());
            totals.put("total_params", table.parameters());
            totals.put("trainable_params", table.parameters());
            totals.put("nlayers", table.depth());
            totals.put("rows", table.count());
            totals.putRawValue("input_mb", new RawValue(figure(table.inputMebibytes(batch))));
            totals.putRawValue("fwdbwd_mb", new RawValue(figure(table.passMebibytes(batch))));
            totals.putRawValue("params_mb", new RawValue(figure(table.parameterMebibytes())));
            totals.putRawValue("total_mb", new RawValue(figure(table.totalMebibytes(batch))));
            totals.put("macs", table.multiplyAccumulates() * batch);
            out.append(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(totals))
                    .append('\n');
        }
    };

    abstract void append(LayerTable table, long batch, Appendable out) throws IOException;

    /**
     * Writes the table for batches of that many samples.
     *
     * @param table the table
     * @param batch number of samples, at least 1
     * @param out takes the text
     * @throws ArgumentException if the batch is below 1, or so large that its operations cannot be counted
     * @throws IOException if it cannot be written
     */
    public void write(LayerTable table, long batch, Appendable out) throws IOException {
        table.requireCountable(batch);
        append(table, batch, out);
    }

    /**
     * {@return the table as text in this format, for batches of that many samples}
     *
     * @param table the table
     * @param batch number of samples, at least 1
     * @throws ArgumentException if the batch is below 1, or so large that its operations cannot be counted
     */
    public String format(LayerTable table, long batch) {
        try {
            StringBuilder out = new StringBuilder();
            write(table, batch, out);
            return out.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String grouped(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
