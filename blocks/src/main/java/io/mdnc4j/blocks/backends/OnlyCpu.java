package io.mdnc4j.blocks.backends;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.linalg.factory.Nd4jBackend;

/**
 * Shows ND4J the CPU backend alone. It takes the backend with the highest priority from a service file, and only environment
 * variables change priorities; but it asks a class loader that can be set.
 */
final class OnlyCpu extends ClassLoader {
    private static final String SERVICE = "META-INF/services/" + Nd4jBackend.class.getName();
    private static final String CPU_CLASS = "org.nd4j.linalg.cpu.nativecpu.CpuBackend";

    private OnlyCpu(ClassLoader parent) {
        super(parent);
    }

    static void install() {
        if (!(ND4JClassLoading.getNd4jClassloader() instanceof OnlyCpu)) {
            ND4JClassLoading.setNd4jClassloader(new OnlyCpu(ND4JClassLoading.getNd4jClassloader()));
        }
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        return name.equals(SERVICE) ? Collections.enumeration(List.of(serviceFile())) : super.getResources(name);
    }

    private static URL serviceFile() {
        try {
            return new URL(null, "memory:" + CPU_CLASS, new URLStreamHandler() {
                @Override
                protected URLConnection openConnection(URL url) {
                    return new URLConnection(url) {
                        @Override
                        public void connect() {
                            // there is nothing to connect to
                        }

                        @Override
                        public InputStream getInputStream() {
                            return new ByteArrayInputStream(CPU_CLASS.getBytes(StandardCharsets.UTF_8));
                        }
                    };
                }
            });
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }
}
