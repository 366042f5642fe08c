package io.scwatcher.testbed.apt;

/** One version of one package that the archives offer. */
public record PackageVersion(String name, DebianVersion version) {
    /** As apt takes it on its command line. */
    public String specification() {
        return name + "=" + version;
    }
}
