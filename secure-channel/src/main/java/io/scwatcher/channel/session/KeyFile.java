package io.scwatcher.channel.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A key pair in a file that only its owner can read: two PEM blocks, PRIVATE KEY (PKCS #8) and PUBLIC KEY (SubjectPublicKeyInfo), of the curve secp256r1. */
public final class KeyFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OTHERS = EnumSet.complementOf(EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE));
    private static final Pattern FORM = Pattern.compile(
            "-----BEGIN PRIVATE KEY-----\n(.*)\n-----END PRIVATE KEY-----\n-----BEGIN PUBLIC KEY-----\n(.*)\n-----END PUBLIC KEY-----\n", Pattern.DOTALL);
    private static final int MAX_LENGTH = 1 << 12;

    private KeyFile() {
    }

    /**
     * The key in a file; a new one if there is no such file. Processes that make it at the same time agree on one.
     *
     * @throws IOException one line: the file is no key, others may read it, or it cannot be made
     */
    public static KeyPair open(Path file) throws IOException {
        try {
            return read(file);
        } catch (NoSuchFileException e) {
            make(file);
            return read(file);
        }
    }

    private static KeyPair read(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.stream().anyMatch(OTHERS::contains)) {
            throw new IOException(file + " holds a private key that others may read or change: chmod 600 it, or delete it and have a new key made");
        }
        if (Files.size(file) > MAX_LENGTH) {
            throw new IOException(file + " is no key file");
        }
        Matcher parts = FORM.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        try {
            if (parts.matches()) {
                KeyFactory factory = KeyFactory.getInstance("EC");
                KeyPair keys = new KeyPair(factory.generatePublic(new X509EncodedKeySpec(Base64.getMimeDecoder().decode(parts.group(2)))),
                        factory.generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(parts.group(1)))));
                if (belongTogether(keys.getPrivate(), keys.getPublic())) {
                    return keys;
                }
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Told below.
        }
        throw new IOException(file + " is no key file; delete it to have a new key made");
    }

    private static boolean belongTogether(PrivateKey secret, PublicKey known) throws GeneralSecurityException {
        byte[] text = {1};
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(secret);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(known);
        signature.update(text);
        return signature.verify(signed);
    }

    private static void make(Path file) throws IOException {
        KeyPair keys = TlsIdentity.generateKeys();
        Path directory = file.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        Path written = Files.createTempFile(directory, ".key", null, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            Files.writeString(written, block("PRIVATE KEY", keys.getPrivate().getEncoded()) + block("PUBLIC KEY", keys.getPublic().getEncoded()));
            // Unlike a move, a link never replaces.
            Files.createLink(file, written);
        } catch (FileAlreadyExistsException e) {
            // Somebody was faster: that key holds.
        } finally {
            Files.delete(written);
        }
    }

    private static String block(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + label + "-----\n";
    }
}
