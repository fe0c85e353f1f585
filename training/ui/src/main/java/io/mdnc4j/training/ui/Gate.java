package io.mdnc4j.training.ui;

import io.vertx.core.Handler;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Lets through what comes from a browser that was given the address, and nothing else. A port of this machine is open to every
 * program and user on it, and to every page that a browser on it shows:
 *
 * <ul>
 *   <li>the {@code Host} must be a name of this machine itself: a page whose own name is made to point here (DNS rebinding)
 *       sends that name
 *   <li>the address has a token, of which the browser gets a cookie that pages from elsewhere do not send along
 *   <li>what changes something is a {@code POST} with the {@code Origin} of these pages
 * </ul>
 */
final class Gate implements Handler<RoutingContext> {
    static final String PARAMETER = "token";

    private static final Pattern LOCAL = Pattern.compile("(?i)(localhost|127\\.0\\.0\\.1|\\[::1\\])(:\\d{1,5})?");
    private static final int FORBIDDEN = 403;
    private static final int SEE_OTHER = 303;
    private static final int BYTES = 16;

    private final String token = newToken();

    private static String newToken() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** What the address ends in. */
    String query() {
        return "?" + PARAMETER + "=" + token;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        String host = request.host();
        if (host == null || !LOCAL.matcher(host).matches()) {
            refuse(context, "only names of this machine are served, such as localhost");
        } else if (request.method() == HttpMethod.POST
                && !("http://" + host).equalsIgnoreCase(request.getHeader("origin"))) {
            refuse(context, "only these pages themselves change something");
        } else if (isToken(request.getParam(PARAMETER))) {
            // a cookie is a machine's, not a port's
            context.addCookie(Cookie.cookie(cookie(request), token)
                    .setHttpOnly(true)
                    .setSameSite(CookieSameSite.STRICT)
                    .setPath("/"));
            // so that the token is not in the browser's history of pages, and sent to none
            context.response()
                    .setStatusCode(SEE_OTHER)
                    .putHeader("location", context.normalisedPath())
                    .end();
        } else {
            Cookie cookie = context.getCookie(cookie(request));
            if (cookie == null || !isToken(cookie.getValue())) {
                refuse(context, "open the whole address that was printed when the training began");
            } else {
                context.response()
                        .putHeader("x-frame-options", "DENY")
                        .putHeader("x-content-type-options", "nosniff")
                        .putHeader("referrer-policy", "same-origin");
                context.next();
            }
        }
    }

    private static String cookie(HttpServerRequest request) {
        return "mdnc4j-" + request.localAddress().port();
    }

    private boolean isToken(String given) {
        return given != null
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }

    private static void refuse(RoutingContext context, String reason) {
        context.response()
                .setStatusCode(FORBIDDEN)
                .putHeader("content-type", "text/plain; charset=utf-8")
                .end(reason + "\n");
    }
}
