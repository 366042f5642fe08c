package io.scwatcher.testbed.image;

import java.nio.file.Path;

/**
 * A kernel to boot.
 *
 * @param release as {@code uname -r} prints it
 * @param vmlinuz the compressed kernel
 * @param modules the directory {@code lib/modules/RELEASE} with uncompressed modules and depmod's files
 * @param modulesDisk an ext4 image with that directory in its root
 */
public record KernelImage(String release, Path vmlinuz, Path modules, Path modulesDisk) {
}
