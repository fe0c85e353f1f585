package io.mdnc4j.training.ui;

import freemarker.template.Configuration;
import freemarker.template.Template;
import freemarker.template.TemplateException;
import io.mdnc4j.blocks.ArgumentException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.impl.MimeMapping;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.ui.VertxUIServer;
import org.deeplearning4j.ui.api.I18N;
import org.deeplearning4j.ui.api.Route;
import org.deeplearning4j.ui.i18n.DefaultI18N;
import org.deeplearning4j.ui.module.train.TrainModule;

/**
 * Serves DL4J's training pages to this machine, through a {@link Gate}. DL4J's own server listens on all of a machine's addresses, and has further
 * routes that take files.
 */
final class PageServer implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int NOT_FOUND = 404;
    private static final String ASSETS = "/assets/";
    private static final String STYLE = "io/mdnc4j/training/ui/pages.css";
    private static final Set<String> LANGUAGES = Set.of("en", "de", "ja", "zh", "ko", "ru");
    private static final Pattern SCRIPT = Pattern.compile("<script src=\"" + ASSETS + "([^\"]*)\"></script>");

    /** What the pages ask for to change something, which DL4J's server takes for a question as well. */
    private static final Pattern CHANGE = Pattern.compile("/(?:setlang|train/sessions/set|train/workers/setByIdx)/:to");

    /** Makes DL4J's scripts ask for those in the way that {@link Gate} lets through. */
    private static final String POST_CHANGES = "<script>$.ajaxPrefilter(function (options) {"
            + " if (/^" + CHANGE.pattern().replace("/", "\\/").replace(":to", "") + "/.test(options.url)) {"
            + " options.type = 'POST'; } });</script>";

    /** Parts of paths that are numbers, which DL4J's pages rely on. */
    private static final List<String> NUMBERED = List.of("/train/model/data/", "/train/workers/setByIdx/");

    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    private final Vertx vertx;
    private final HttpServer server;
    private final Gate gate = new Gate();

    /** @throws ArgumentException if the port cannot be had */
    PageServer(StatsStorage storage, int port) {
        vertx = Vertx.vertx(options());
        try {
            server = listen(router(storage), port);
        } catch (CompletionException e) {
            close();
            throw new ArgumentException(
                    "uiPort",
                    port + " cannot be had (" + e.getCause().getMessage() + ")",
                    "give another, or 0 for any that is free",
                    e);
        }
    }

    /** One thread is enough, and nothing is unpacked into files. */
    private static VertxOptions options() {
        return new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                // making a page out of a large network's reports may take a while
                .setBlockedThreadCheckIntervalUnit(TimeUnit.HOURS)
                .setBlockedThreadCheckInterval(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
    }

    private HttpServer listen(Router router, int port) {
        CompletableFuture<HttpServer> started = new CompletableFuture<>();
        vertx.createHttpServer().requestHandler(router).listen(port, HOST, result -> {
            if (result.succeeded()) {
                started.complete(result.result());
            } else {
                started.completeExceptionally(result.cause());
            }
        });
        return started.join();
    }

    private Router router(StatsStorage storage) {
        // DL4J's pages ask its instance whether there are several sessions
        new VertxUIServer();
        TrainModule pages = new TrainModule();
        Context context = vertx.getOrCreateContext();
        // not on the thread that trains, which would wait for pages being made
        storage.registerStatsStorageListener(
                event -> context.runOnContext(nothing -> pages.reportStorageEvents(List.of(event))));

        Router router = Router.router(vertx);
        router.route().handler(gate);
        router.get("/").handler(request -> request.reroute("/train/overview"));
        router.get(ASSETS + "*").handler(PageServer::asset);
        router.post("/setlang/:to").handler(PageServer::setLanguage);
        router.get("/train/overview").handler(request -> page(request, "TrainingOverview"));
        router.get("/train/model").handler(request -> page(request, "TrainingModel"));
        router.get("/train/system").handler(request -> page(request, "TrainingSystem"));
        for (Route route : pages.getRoutes()) {
            String path = route.getRoute();
            router.route(CHANGE.matcher(path).matches() ? HttpMethod.POST : HttpMethod.GET, path)
                    .handler(request -> answer(route, request));
        }
        return router;
    }

    /** By DL4J, which knows nothing of what is not there. */
    private static void answer(Route route, RoutingContext request) {
        List<String> parts = List.copyOf(request.pathParams().values());
        boolean numbered = NUMBERED.stream().anyMatch(route.getRoute()::startsWith);
        if (numbered && !parts.stream().allMatch(part -> NUMBER.matcher(part).matches())) {
            request.response().setStatusCode(NOT_FOUND).end();
            return;
        }
        try {
            route.getConsumer().accept(parts, request);
        } catch (IndexOutOfBoundsException e) {
            request.response().setStatusCode(NOT_FOUND).end();
        }
    }

    /** Where the pages are, with what opens them. */
    String address() {
        return "http://localhost:" + server.actualPort() + "/" + gate.query();
    }

    private static void asset(RoutingContext request) {
        byte[] bytes = resource(assetResource(request.normalisedPath().substring(ASSETS.length())));
        // folders of a jar are empty
        if (bytes == null || bytes.length == 0) {
            request.response().setStatusCode(NOT_FOUND).end();
            return;
        }
        request.response()
                .putHeader("content-type", MimeMapping.getMimeTypeForFilename(request.normalisedPath()))
                .end(Buffer.buffer(bytes));
    }

    private static String assetResource(String path) {
        return (path.startsWith("webjars/") ? "META-INF/resources/" : VertxUIServer.ASSETS_ROOT_DIRECTORY) + path;
    }

    private static void setLanguage(RoutingContext request) {
        String language = request.pathParam("to");
        if (LANGUAGES.contains(language)) {
            DefaultI18N.getInstance().setDefaultLanguage(language);
        }
        request.response().end();
    }

    /** A page with our style; DL4J unpacks its template into a new file for each request. */
    private static void page(RoutingContext request, String name) {
        String template = "templates/" + name + ".html.ftl";
        I18N texts = DefaultI18N.getInstance();
        StringWriter page = new StringWriter();
        try {
            String source = withKnownScripts(text(template));
            Configuration configuration = new Configuration(Configuration.VERSION_2_3_23);
            new Template(name, new StringReader(source), configuration)
                    .process(texts.getMessages(texts.getDefaultLanguage()), page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TemplateException e) {
            throw new IllegalStateException(template + ": " + e.getMessage(), e);
        }
        request.response()
                .putHeader("content-type", "text/html; charset=utf-8")
                .end(page.toString()
                        .replaceFirst("</head>", Matcher.quoteReplacement("<style>" + text(STYLE) + "</style></head>"))
                        .replaceFirst("</body>", Matcher.quoteReplacement(POST_CHANGES + "</body>")));
    }

    /** Without libraries that the pages name and do not use, which do not come along. */
    private static String withKnownScripts(String page) {
        return SCRIPT.matcher(page)
                .replaceAll(script -> resource(assetResource(script.group(1))) == null
                        ? ""
                        : Matcher.quoteReplacement(script.group()));
    }

    private static String text(String path) {
        return new String(resource(path), StandardCharsets.UTF_8);
    }

    private static byte[] resource(String path) {
        try (InputStream in = PageServer.class.getClassLoader().getResourceAsStream(path)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        vertx.close(result -> closed.complete(null));
        closed.join();
    }
}
