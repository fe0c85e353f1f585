package io.mdnc4j.training.run;

import static j2html.TagCreator.body;
import static j2html.TagCreator.details;
import static j2html.TagCreator.document;
import static j2html.TagCreator.each;
import static j2html.TagCreator.figcaption;
import static j2html.TagCreator.figure;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.head;
import static j2html.TagCreator.html;
import static j2html.TagCreator.img;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.p;
import static j2html.TagCreator.style;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.title;
import static j2html.TagCreator.tr;

import io.mdnc4j.training.fit.EpochResult;
import io.mdnc4j.training.plots.Png;
import j2html.tags.DomContent;
import j2html.tags.specialized.FigureTag;
import j2html.tags.specialized.TableTag;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A page of HTML about a run that needs no other file: pictures are in it. */
final class Report {
    private static final String CSS = """
            body { font: 16px/1.5 system-ui, sans-serif; color: #222; max-width: 1100px; margin: 2em auto; padding: 0 1em }
            h1 { font-size: 1.6em; margin-bottom: 0 } h2 { font-size: 1.2em; margin: 1.8em 0 .5em }
            p { color: #555; margin-top: .3em }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums }
            th, td { padding: .3em 1.2em .3em 0; border-bottom: 1px solid #e3e5ea; text-align: left; vertical-align: top }
            td:first-child { white-space: nowrap } td { overflow-wrap: anywhere }
            thead th { color: #555; font-weight: 600 }
            figure { margin: 1em 0 } img { max-width: 100%; height: auto; border: 1px solid #e3e5ea }
            figcaption, summary { color: #555 } summary { cursor: pointer; margin: 1.8em 0 .5em }
            """;

    private final String title;
    private final String lead;
    private final List<DomContent> content = new ArrayList<>();

    /** @param lead a sentence below the title */
    Report(String title, String lead) {
        this.title = title;
        this.lead = lead;
    }

    /** Adds a table of rows of texts. */
    Report rows(String heading, List<String> columns, List<List<String>> rows) {
        content.add(h2(heading));
        content.add(tableOf(columns, rows));
        return this;
    }

    /** Adds a table of names and values. */
    Report values(String heading, Map<String, ?> values) {
        return rows(
                heading,
                List.of(),
                values.entrySet().stream()
                        .map(entry -> List.of(entry.getKey(), text(entry.getValue())))
                        .toList());
    }

    /** Adds lines of text, a heading too if there are any. */
    Report lines(String heading, List<String> lines) {
        return lines.isEmpty()
                ? this
                : rows(heading, List.of(), lines.stream().map(List::of).toList());
    }

    /** Adds a picture. */
    Report picture(String heading, String caption, BufferedImage picture) {
        content.add(h2(heading));
        content.add(figureOf(caption, picture));
        return this;
    }

    /** Adds the epochs, folded away. */
    Report epochs(List<EpochResult> epochs) {
        List<List<String>> rows = epochs.stream()
                .map(epoch -> List.of(
                        String.valueOf(epoch.epoch()),
                        String.valueOf(epoch.step()),
                        text(epoch.seconds()),
                        text(epoch.trainLoss()),
                        text(epoch.validationLoss()),
                        text(epoch.learningRate())))
                .toList();
        content.add(details(
                summary("All " + epochs.size() + " epochs"),
                tableOf(List.of("epoch", "step", "seconds", "training loss", "validation loss", "rate"), rows)));
        return this;
    }

    /** The page. */
    String page() {
        return document(html(
                        head(
                                meta().withCharset("utf-8"),
                                meta().withName("viewport").withContent("width=device-width, initial-scale=1"),
                                title(title),
                                style(CSS).withType("text/css")),
                        body(h1(title), p(lead), each(content, part -> part)))
                .withLang("en"));
    }

    private static TableTag tableOf(List<String> columns, List<List<String>> rows) {
        return table(
                thead(tr(each(columns, column -> th(column)))),
                tbody(each(rows, row -> tr(each(row, cell -> td(cell))))));
    }

    private static FigureTag figureOf(String caption, BufferedImage picture) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            Png.write(picture, png);
        } catch (IOException e) {
            throw new UncheckedIOException("memory can be written to", e);
        }
        String source = "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
        return figure(img().withSrc(source).withAlt(caption), figcaption(caption));
    }

    /** A value as a reader wants it. */
    static String text(@Nullable Object value) {
        if (value instanceof double[] ends) {
            return text(ends[0]) + " to " + text(ends[1]);
        }
        return value instanceof Double number
                ? String.format(Locale.ROOT, Math.abs(number) >= 1000 ? "%.0f" : "%.4g", number)
                : String.valueOf(value);
    }
}
