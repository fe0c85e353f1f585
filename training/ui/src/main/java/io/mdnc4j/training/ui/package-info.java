/**
 * Deeplearning4j's training UI for {@code train --ui}. Read {@link io.mdnc4j.training.ui.BrowserView} first: a
 * {@link io.mdnc4j.training.ui.PageServer} serves DL4J's pages from a {@link io.mdnc4j.training.ui.ReportStore}, which a
 * {@link io.mdnc4j.training.ui.ReportListener} of the network fills as often as {@link io.mdnc4j.training.ui.ReportSchedule}
 * allows.
 */
package io.mdnc4j.training.ui;
