package io.scwatcher.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.PollEvents;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StandardStreamsTest {
    private static StandardStreams to(OutputStream output, OutputStream error) {
        return StandardStreams.of(new ByteArrayInputStream(new byte[0]), output, error);
    }

    private static void write(FileDescription file, String text) {
        assertThat(file.write(text.getBytes(), 0, text.length())).isEqualTo(text.length());
    }

    @Test
    void keepsTheOrderOfBothStreams() throws Exception {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        StandardStreams streams = to(both, both);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            write(i % 3 == 0 ? streams.error() : streams.output(), i + "\n");
            expected.append(i).append('\n');
        }
        streams.drain();
        assertThat(both.toString()).isEqualTo(expected.toString());
    }

    @Test
    void makesWritersWaitForASlowReader() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicLong taken = new AtomicLong();
        FileDescription output = to(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[1], 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                taken.addAndGet(length);
            }
        }, OutputStream.nullOutputStream()).output();
        CountDownLatch woken = new CountDownLatch(1);
        output.waitQueue().register(woken::countDown);
        assertThat(output.write(new byte[100_000], 0, 100_000)).isEqualTo(65_536);
        assertThat(output.write(new byte[1], 0, 1)).isEqualTo(-11);
        assertThat(output.poll()).isZero();
        go.countDown();
        woken.await();
        assertThat(output.poll()).isEqualTo(PollEvents.WRITABLE);
        assertThat(taken.get()).isEqualTo(65_536);
    }

    @Test
    void breaksWhenTheReaderIsGone() throws Exception {
        PipedInputStream reader = new PipedInputStream();
        StandardStreams streams = to(new PipedOutputStream(reader), OutputStream.nullOutputStream());
        reader.close();
        write(streams.output(), "lost");
        streams.drain();
        assertThat(streams.output().write(new byte[1], 0, 1)).isEqualTo(-32);
        assertThat(streams.output().poll() & PollEvents.POLLERR).isNotZero();
    }

    @Test
    void readsToTheEnd() throws Exception {
        PipedOutputStream writer = new PipedOutputStream();
        FileDescription input = StandardStreams.of(new PipedInputStream(writer), OutputStream.nullOutputStream(), OutputStream.nullOutputStream()).input();
        byte[] bytes = new byte[10];
        assertThat(input.read(bytes, 0, 10)).isEqualTo(-11);
        CountDownLatch woken = new CountDownLatch(1);
        input.waitQueue().register(woken::countDown);
        writer.write("abc".getBytes());
        writer.close();
        woken.await();
        assertThat(input.poll() & PollEvents.POLLIN).isNotZero();
        assertThat(input.read(bytes, 0, 10)).isEqualTo(3);
        int end = input.read(bytes, 0, 10);
        while (end == -11) {
            Thread.onSpinWait();
            end = input.read(bytes, 0, 10);
        }
        assertThat(end).isZero();
    }
}
