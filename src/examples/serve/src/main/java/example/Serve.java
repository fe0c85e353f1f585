package example;

import io.mdnc4j.training.predict.Predictor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** An electrocardiogram in, the same without noise out; then asks itself, from several threads, and compares. */
@SpringBootApplication
public class Serve {
    private static final int REQUESTS = 6;

    @Bean
    Predictor predictor() throws IOException {
        return Predictor.builder(Path.of("ecg-denoiser")).threads(2).build();
    }

    @RestController
    static class Denoising {
        private final Predictor predictor;

        Denoising(Predictor predictor) {
            this.predictor = predictor;
        }

        @PostMapping("/denoise")
        float[] denoise(@RequestBody float[] signal) {
            return predictor.predict(signal);
        }
    }

    public static void main(String[] arguments) {
        ServletWebServerApplicationContext context = (ServletWebServerApplicationContext)
                SpringApplication.run(Serve.class, "--server.port=0", "--spring.main.banner-mode=off");
        URI address = URI.create("http://localhost:" + context.getWebServer().getPort() + "/denoise");
        HttpClient client = HttpClient.newHttpClient();
        List<CompletableFuture<HttpResponse<String>>> answers = Stream.generate(() -> HttpRequest.newBuilder(address)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json(signal())))
                        .build())
                .limit(REQUESTS)
                .map(request -> client.sendAsync(request, BodyHandlers.ofString()))
                .toList();
        List<String> bodies =
                answers.stream().map(answer -> answer.join().body()).distinct().toList();
        String expected = json(context.getBean(Denoising.class).denoise(signal()));
        boolean right = bodies.equals(List.of(expected));
        System.out.printf(
                "serve: %d answers, all as expected: %s; %.60s...%n", answers.size(), right, bodies.get(0));
        System.exit(right ? SpringApplication.exit(context) : 1);
    }

    private static float[] signal() {
        float[] signal = new float[1000];
        for (int t = 0; t < signal.length; t++) {
            signal[t] = (float) (Math.sin(0.05 * t) + 0.2 * Math.sin(2.9 * t));
        }
        return signal;
    }

    private static String json(float[] values) {
        return IntStream.range(0, values.length)
                .mapToObj(i -> Float.toString(values[i]))
                .collect(Collectors.joining(",", "[", "]"));
    }
}
