package io.mdnc4j.training.ui;

import io.mdnc4j.training.run.TrainingPages;
import io.mdnc4j.training.run.TrainingView;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Deeplearning4j's pages: losses, parameters and activations over the steps, the network's graph, memory. */
public final class BrowserView implements TrainingView {
    @Override
    public TrainingPages open(int port) {
        ReportStore store = new ReportStore();
        PageServer server = new PageServer(store, port);
        return new TrainingPages() {
            @Override
            public String address() {
                return server.address();
            }

            @Override
            public void show(ComputationGraph network) {
                network.addListeners(new ReportListener(store));
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }
}
