package io.mdnc4j.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library that is missing or too old is never taken for a file that is bad. */
class MissingLibraryTest {
    @TempDir
    Path folder;

    /** The tests' class path, but for one class. */
    private static final class Without extends URLClassLoader {
        private final String missing;

        Without(Class<?> missing) throws MalformedURLException {
            super(classPath(), ClassLoader.getPlatformClassLoader());
            this.missing = missing.getName();
        }

        private static URL[] classPath() throws MalformedURLException {
            List<URL> urls = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
            return urls.toArray(URL[]::new);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.equals(missing)) {
                throw new ClassNotFoundException(name);
            }
            return super.findClass(name);
        }
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        Path file = Files.writeString(folder.resolve("model.zip"), "any");
        try (Without zip = new Without(ZipFile.class)) {
            Method read = zip.loadClass(ModelFiles.class.getName()).getMethod("read", Path.class);
            Throwable thrown = assertThrows(InvocationTargetException.class, () -> read.invoke(null, file))
                    .getCause();
            assertInstanceOf(LinkageError.class, thrown);
            assertTrue(thrown.getMessage().contains(ZipFile.class.getName().replace('.', '/')), thrown.getMessage());
            assertTrue(thrown.getMessage().contains("io.mdnc4j:mdnc4j-bom"), thrown.getMessage());
            assertEquals(NoClassDefFoundError.class, thrown.getCause().getClass());
        }
    }
}
