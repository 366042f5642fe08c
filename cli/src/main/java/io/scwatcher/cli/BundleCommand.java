package io.scwatcher.cli;

import io.scwatcher.bundle.BundleBuilder;
import io.scwatcher.bundle.DirectorySource;
import io.scwatcher.bundle.OciSource;
import io.scwatcher.bundle.PackageSource;
import io.scwatcher.os.bundle.Bundle;
import io.scwatcher.os.bundle.Manifest;
import io.scwatcher.os.bundle.Manifest.Entry;
import io.scwatcher.os.bundle.Manifest.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code scwatcher bundle}: the tools that run in the OS emulation layer. */
final class BundleCommand extends CommandGroup {
    BundleCommand() {
        super("bundle", "Makes and checks bundles: the files of the tools that run in the OS emulation layer, as one measured archive.");
        add(new Build());
        add(new Inspect());
    }

    private static final class Build extends Command {
        private final Supplier<String[]> packages = option(String[].class, "--packages", "NAME,...",
                "Packages of the distribution, with all that they depend on. Nothing is installed; no script of theirs runs.").orNull();
        private final Supplier<String> release = option(String.class, "--release", "CODENAME",
                "The distribution's release to take the packages from. Default: this machine's.").orNull();
        private final Supplier<Path> directory = option(Path.class, "--directory", "DIR", "A directory: it becomes the root.").orNull();
        private final Supplier<Path> image = option(Path.class, "--image", "FILE",
                "A container image: a tar of an OCI image layout, or what 'docker save' writes.").orNull();
        private final Supplier<Path> output = option(Path.class, "-o", "FILE", "Where to write the bundle; an older one is replaced.").required();
        private final Supplier<Boolean> json = flag("--json", "Print one JSON object.");

        Build() {
            super("build", "Makes a bundle. The same input gives the same bytes, and so the same digest, which is printed.",
                    "What is given is laid over each other in the order packages, image, directory.", "");
            footer("", "Examples:", "  scwatcher bundle build --packages procps,net-tools,iproute2,lsof -o tools.bundle",
                    "  scwatcher bundle build --packages chkrootkit --directory my-scripts -o detectors.bundle",
                    "  scwatcher bundle build --image tools.tar -o tools.bundle");
        }

        @Override
        public Integer call() throws IOException {
            if (packages.get() == null && directory.get() == null && image.get() == null) {
                throw wrong("give --packages, --directory or --image");
            }
            if (release.get() != null && packages.get() == null) {
                throw wrong("--release goes with --packages");
            }
            Path file = output.get().toAbsolutePath();
            if (!Files.isDirectory(file.getParent())) {
                throw wrong(file.getParent() + " is not a directory");
            }
            try (BundleBuilder builder = new BundleBuilder()) {
                if (packages.get() != null) {
                    PackageSource.add(release.get(), List.of(packages.get()), VmOptions::note, builder);
                }
                if (image.get() != null) {
                    OciSource.add(image.get(), builder);
                }
                if (directory.get() != null) {
                    DirectorySource.add(directory.get(), builder);
                }
                VmOptions.note("writing " + builder.size() + " files and directories");
                String digest = builder.write(file);
                if (json.get()) {
                    Json.print(Map.of("file", file, "sha256", digest, "bytes", Files.size(file)));
                } else {
                    System.out.println(digest);
                }
            }
            return ExitCode.OK;
        }
    }

    private static final class Inspect extends Command {
        private final Supplier<Path> file = operand(Path.class, "FILE", "The bundle.");
        private final Supplier<Boolean> manifest = flag("--manifest", "Print the manifest: every file with its mode and SHA-256, as mtree(5).");
        private final Supplier<Boolean> verify = flag("--verify", "Read every content and check it against the manifest.");
        private final Supplier<Boolean> json = flag("--json", "Print one JSON object.");

        Inspect() {
            super("inspect", "Shows what a bundle holds.", "");
        }

        @Override
        public Integer call() throws IOException {
            try (Bundle bundle = Bundle.open(file.get())) {
                if (verify.get()) {
                    for (Entry entry : bundle.manifest().entries().values()) {
                        if (entry.type() == Type.FILE) {
                            bundle.content(entry);
                        }
                    }
                }
                print(bundle);
            }
            return ExitCode.OK;
        }

        private void print(Bundle bundle) throws IOException {
            Manifest content = bundle.manifest();
            if (manifest.get()) {
                System.out.write(content.text());
                System.out.flush();
                return;
            }
            List<Entry> files = content.entries().values().stream().filter(entry -> entry.type() == Type.FILE).toList();
            long bytes = files.stream().mapToLong(Entry::size).sum();
            if (json.get()) {
                Json.print(Map.of("sha256", bundle.digest(), "entries", content.entries().size(), "files", files.size(), "contentBytes", bytes,
                        "archiveBytes", Files.size(file.get()), "verified", verify.get()));
                return;
            }
            System.out.printf("SHA-256   %s%nentries   %d, %d of them files%ncontent   %.1f MB, %.1f MB compressed%n%s", bundle.digest(),
                    content.entries().size(), files.size(), bytes / 1e6, Files.size(file.get()) / 1e6,
                    verify.get() ? "contents  all as the manifest says%n".formatted() : "");
        }
    }
}
