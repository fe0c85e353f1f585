package io.mdnc4j.training.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Fetches pages. */
final class Browser {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newHttpClient();
    private final String address;
    private final String cookie;

    /** @param opening the address with its token, which is opened */
    Browser(String opening) throws IOException, InterruptedException {
        address = opening.replaceAll("/\\?.*", "");
        HttpResponse<String> way = stranger(opening);
        assertEquals(303, way.statusCode(), opening);
        assertEquals("/", way.headers().firstValue("location").orElseThrow());
        String given = way.headers().firstValue("set-cookie").orElseThrow();
        assertTrue(given.contains("HTTPOnly") && given.contains("SameSite=Strict"), given);
        cookie = given.replaceAll(";.*", "");
    }

    /** A browser that was not told the token. */
    static HttpResponse<String> stranger(String address) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** What a page's script sends. @param origin of the page */
    int post(String path, String origin) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path).timeout(PATIENCE).POST(HttpRequest.BodyPublishers.noBody());
        if (origin != null) {
            request.header("Origin", origin);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** From these pages. */
    int post(String path) throws IOException, InterruptedException {
        return post(path, address);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address + path)).header("Cookie", cookie);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
    }

    String text(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(path);
        assertEquals(200, response.statusCode(), path);
        return response.body();
    }

    JsonNode json(String path) throws IOException, InterruptedException {
        return MAPPER.readTree(text(path));
    }

    /** The overview's data, once it has some. */
    JsonNode overviewWithScores() throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        JsonNode overview = json("/train/overview/data");
        while (overview.path("scores").isEmpty() && System.nanoTime() < end) {
            Thread.sleep(20);
            overview = json("/train/overview/data");
        }
        return overview;
    }
}
