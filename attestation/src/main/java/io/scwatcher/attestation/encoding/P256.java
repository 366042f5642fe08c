package io.scwatcher.attestation.encoding;

import io.scwatcher.attestation.Bytes;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EllipticCurve;

/** ECDSA with P-256 and SHA-256 as DCAP writes it: keys as x and y, signatures as r and s, all of 32 bytes, big-endian. */
public final class P256 {
    private static final String SIGNATURE = "SHA256withECDSAinP1363Format";
    private static final ECParameterSpec CURVE = curve();

    private P256() {}

    private static ECParameterSpec curve() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks P-256 (module jdk.crypto.ec)", e);
        }
    }

    /**
     * @param raw 64 bytes
     * @throws InvalidKeyException if that is no point of the curve
     */
    public static PublicKey publicKey(Bytes raw) throws GeneralSecurityException {
        if (raw.length() != 64) {
            throw new InvalidKeyException("a P-256 key of " + raw.length() + " bytes");
        }
        BigInteger x = new BigInteger(1, raw.slice(0, 32).toArray());
        BigInteger y = new BigInteger(1, raw.slice(32, 64).toArray());
        EllipticCurve shape = CURVE.getCurve();
        BigInteger p = ((ECFieldFp) shape.getField()).getP();
        BigInteger right = x.pow(3).add(shape.getA().multiply(x)).add(shape.getB()).mod(p);
        if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0 || !y.multiply(y).mod(p).equals(right)) {
            throw new InvalidKeyException("not a point of P-256");
        }
        return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(new ECPoint(x, y), CURVE));
    }

    public static boolean isP256(PublicKey key) {
        return key instanceof ECPublicKey ec && ec.getParams().getOrder().equals(CURVE.getOrder())
                && ec.getParams().getCurve().equals(CURVE.getCurve());
    }

    public static Bytes raw(PublicKey key) {
        ECPoint point = ((ECPublicKey) key).getW();
        return fixed(point.getAffineX()).concat(fixed(point.getAffineY()));
    }

    private static Bytes fixed(BigInteger coordinate) {
        byte[] digits = coordinate.toByteArray();
        int skip = Math.max(0, digits.length - 32);
        return Bytes.zeros(32 - (digits.length - skip)).concat(Bytes.of(digits).slice(skip, digits.length));
    }

    /** @param signature 64 bytes; what is no signature at all verifies nothing */
    public static boolean verifies(PublicKey key, byte[] message, Bytes signature) {
        if (signature.length() != 64) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance(SIGNATURE);
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature.toArray());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    public static Bytes sign(PrivateKey key, byte[] message) throws GeneralSecurityException {
        Signature signer = Signature.getInstance(SIGNATURE);
        signer.initSign(key);
        signer.update(message);
        return Bytes.of(signer.sign());
    }

    public static KeyPair generate() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }
}
