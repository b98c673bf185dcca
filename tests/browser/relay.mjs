// The address that the browser knows, whatever port the daemon has in its present life: bytes are
// passed on to the port that a file names. While the daemon is away, connections break.
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';

/** Resolves to the port that it listens on. */
export function relay(portFile) {
    const server = createServer((client) => {
        const daemon = connect(Number(readFileSync(portFile, 'utf8')), '127.0.0.1');
        for (const [one, other] of [
            [client, daemon],
            [daemon, client],
        ]) {
            one.on('error', () => other.destroy());
            one.on('close', () => other.destroy());
            one.pipe(other);
        }
    });
    server.unref();
    return new Promise((resolve) => {
        server.listen(0, '127.0.0.1', () => resolve(server.address().port));
    });
}
