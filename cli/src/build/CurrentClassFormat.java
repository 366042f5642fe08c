import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.ConstantPoolSharingOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;

/**
 * Rewrites the classes of a jar that are older than class file format 50 in today's format, stack maps included. The JVM
 * cannot keep older ones in its AOT cache and verifies them the slow way: for picocli that is half the start-up time.
 */
public final class CurrentClassFormat {
    private static final int FIRST_WITH_STACK_MAPS = 50;

    private CurrentClassFormat() {}

    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            Path old = Path.of(jar);
            Path partial = Path.of(jar + ".new");
            try (URLClassLoader classes = new URLClassLoader(new URL[] {old.toUri().toURL()});
                    JarInputStream in = new JarInputStream(Files.newInputStream(old));
                    JarOutputStream out = in.getManifest() == null ? new JarOutputStream(Files.newOutputStream(partial))
                            : new JarOutputStream(Files.newOutputStream(partial), in.getManifest())) {
                ClassHierarchyResolver hierarchy = ClassHierarchyResolver.ofResourceParsing(classes)
                        .orElse(ClassHierarchyResolver.defaultResolver()).cached();
                copy(in, out, ClassFile.of(StackMapsOption.GENERATE_STACK_MAPS, ConstantPoolSharingOption.NEW_POOL,
                        ClassHierarchyResolverOption.of(hierarchy)));
            }
            Files.move(partial, old, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void copy(JarInputStream in, JarOutputStream out, ClassFile format) throws IOException {
        for (JarEntry entry; (entry = in.getNextJarEntry()) != null;) {
            byte[] content = in.readAllBytes();
            boolean ordinary = entry.getName().endsWith(".class") && !entry.getName().endsWith("module-info.class");
            out.putNextEntry(new JarEntry(entry.getName()));
            out.write(ordinary ? current(content, format) : content);
            out.closeEntry();
        }
    }

    private static byte[] current(byte[] content, ClassFile format) {
        ClassModel model = format.parse(content);
        if (model.majorVersion() >= FIRST_WITH_STACK_MAPS) {
            return content;
        }
        return format.build(model.thisClass().asSymbol(), builder -> model.forEach(element -> {
            if (element instanceof ClassFileVersion) {
                builder.withVersion(ClassFile.latestMajorVersion(), 0);
            } else {
                builder.with(element);
            }
        }));
    }
}
