package io.fedfm.runtime.plugin;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipException;

/**
 * A jar of a plugin, looked at before any class of it is loaded.
 *
 * @param path the file
 * @param version {@code Implementation-Version} of its manifest, or "unknown"
 * @param sha256 of the file, in hexadecimal
 */
record PluginJar(Path path, String version, String sha256) {
    private static final int CLASS_FILE_MAGIC = 0xCAFEBABE;

    /** The class file version of Java n is 44 + n. */
    private static final int CLASS_FILE_OFFSET = 44;

    /**
     * Opens and checks a jar.
     *
     * @throws FedFmException with {@link ErrorCode#PLUGIN_INVALID} if it is no jar, is empty, or
     *     holds classes for a Java newer than this one
     */
    static PluginJar read(Path path) {
        try (JarFile jar = new JarFile(path.toFile())) {
            List<JarEntry> files = jar.stream().filter(entry -> !entry.isDirectory()).toList();
            if (files.stream().allMatch(entry -> entry.getName().equals(JarFile.MANIFEST_NAME))) {
                throw invalid(path, "is empty; it must hold a factory and its service file", null);
            }
            for (JarEntry entry : files) {
                checkClassFile(path, jar, entry);
            }
            return new PluginJar(path, version(jar.getManifest()), sha256(path));
        } catch (ZipException e) {
            throw invalid(path, "is not a jar file (" + e.getMessage() + ")", e);
        } catch (IOException e) {
            throw invalid(path, "cannot be read: " + e.getMessage(), e);
        }
    }

    /** An error that names the jar. */
    static FedFmException invalid(Path jar, String what, Throwable cause) {
        return new FedFmException(
                ErrorCode.PLUGIN_INVALID, "plugin jar '" + jar + "' " + what, cause);
    }

    private static void checkClassFile(Path path, JarFile jar, JarEntry entry) throws IOException {
        String name = entry.getName();
        // Classes of multi-release jars are chosen by the Java that runs them.
        if (!name.endsWith(".class")
                || name.startsWith("META-INF/")
                || name.endsWith("module-info.class")) {
            return;
        }
        try (DataInputStream header = new DataInputStream(jar.getInputStream(entry))) {
            boolean isClass = entry.getSize() >= 8 && header.readInt() == CLASS_FILE_MAGIC;
            if (!isClass) {
                throw invalid(path, "is damaged: " + name + " is not a class file", null);
            }
            header.readUnsignedShort();
            int java = header.readUnsignedShort() - CLASS_FILE_OFFSET;
            int here = Runtime.version().feature();
            if (java > here) {
                throw invalid(
                        path,
                        "needs Java "
                                + java
                                + " ("
                                + name
                                + "), this is Java "
                                + here
                                + "; run fedfm on a newer Java or compile the plugin with --release "
                                + here,
                        null);
            }
        }
    }

    private static String version(Manifest manifest) {
        String version =
                manifest == null
                        ? null
                        : manifest.getMainAttributes()
                                .getValue(Attributes.Name.IMPLEMENTATION_VERSION);
        return version == null ? "unknown" : version;
    }

    private static String sha256(Path path) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        try (DigestInputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
