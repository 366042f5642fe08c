package io.scwatcher.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scwatcher.os.bundle.Bundle;
import io.scwatcher.os.bundle.BundleException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/**
 * Puts a container image into a tree: a tar of an OCI image layout (image-layout.md of the OCI image specification 1.1), or what
 * {@code docker save} writes. Layers may be plain or gzip. Of an index with several platforms, linux/amd64 is taken.
 */
public final class OciSource {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_JSON = 16 << 20;
    private static final byte[] ZSTANDARD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

    private final TarFile image;

    private OciSource(TarFile image) {
        this.image = image;
    }

    public static void add(Path tar, BundleBuilder into) throws IOException {
        if (!Files.isRegularFile(tar)) {
            throw new BundleException(tar + " is not a file");
        }
        try (TarFile image = new TarFile(tar.toFile())) {
            OciSource source = new OciSource(image);
            for (String layer : source.entry("index.json") != null ? source.ociLayers() : source.dockerLayers(tar)) {
                source.addLayer(layer, into);
            }
        } catch (IllegalArgumentException e) {
            throw new BundleException(tar + " is not an image: " + e.getMessage());
        }
    }

    private List<String> ociLayers() throws IOException {
        JsonNode manifest = json("index.json");
        for (int depth = 0; manifest.has("manifests"); depth++) {
            if (depth > 4) {
                throw new BundleException("the image's indexes are nested too deeply");
            }
            manifest = json(blob(forThisPlatform(manifest.get("manifests"))));
        }
        List<String> layers = new ArrayList<>();
        for (JsonNode layer : manifest.path("layers")) {
            layers.add(blob(layer));
        }
        if (layers.isEmpty()) {
            throw new BundleException("the image's manifest lists no layers");
        }
        return layers;
    }

    private static JsonNode forThisPlatform(JsonNode manifests) throws BundleException {
        for (JsonNode one : manifests) {
            JsonNode platform = one.path("platform");
            if (platform.isMissingNode() || platform.path("os").asText().equals("linux") && platform.path("architecture").asText().equals("amd64")) {
                return one;
            }
        }
        throw new BundleException("the image has nothing for linux/amd64");
    }

    private List<String> dockerLayers(Path tar) throws IOException {
        if (entry("manifest.json") == null) {
            throw new BundleException(tar + " is not an image: it has neither index.json nor manifest.json");
        }
        List<String> layers = new ArrayList<>();
        json("manifest.json").path(0).path("Layers").forEach(layer -> layers.add(layer.asText()));
        return layers;
    }

    private static String blob(JsonNode descriptor) throws BundleException {
        String digest = descriptor.path("digest").asText();
        if (!digest.matches("sha256:[0-9a-f]{64}")) {
            throw new BundleException("the image refers to a digest that is no SHA-256: " + digest);
        }
        return "blobs/sha256/" + digest.substring(7);
    }

    private void addLayer(String name, BundleBuilder into) throws IOException {
        TarArchiveEntry entry = entry(name);
        if (entry == null) {
            throw new BundleException("the image lacks its layer " + name);
        }
        try (DigestInputStream raw = new DigestInputStream(new BufferedInputStream(image.getInputStream(entry), 1 << 16), Bundle.sha256())) {
            BufferedInputStream peeked = new BufferedInputStream(raw, 1 << 16);
            peeked.mark(4);
            byte[] magic = peeked.readNBytes(4);
            peeked.reset();
            if (Arrays.equals(magic, ZSTANDARD)) {
                throw new BundleException("the image's layers are compressed with Zstandard, which is not read: save it with gzip layers");
            }
            boolean gzip = magic.length > 1 && magic[0] == 0x1f && magic[1] == (byte) 0x8b;
            InputStream tar = gzip ? new GZIPInputStream(peeked, 1 << 16) : peeked;
            TarSource.add(tar, TarSource.Kind.LAYER, path -> true, into);
            peeked.transferTo(java.io.OutputStream.nullOutputStream());
            String digest = HexFormat.of().formatHex(raw.getMessageDigest().digest());
            if (name.startsWith("blobs/sha256/") && !name.endsWith(digest)) {
                throw new BundleException("the image's layer " + name + " does not have that digest");
            }
        }
    }

    private JsonNode json(String name) throws IOException {
        TarArchiveEntry entry = entry(name);
        if (entry == null || entry.getSize() > MAX_JSON) {
            throw new BundleException("the image lacks " + name + ", or it is too long");
        }
        try (InputStream in = image.getInputStream(entry)) {
            return JSON.readTree(in.readNBytes(MAX_JSON));
        }
    }

    private TarArchiveEntry entry(String name) {
        return image.getEntries().stream().filter(one -> one.getName().equals(name) || one.getName().equals("./" + name)).findFirst().orElse(null);
    }
}
