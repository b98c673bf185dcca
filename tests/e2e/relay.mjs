// Stands between a client and a daemon that is killed and comes back on another port.
//   node relay.mjs DIRECTORY
// DIRECTORY/port holds the daemon's port; its own goes to DIRECTORY/relay. Once it has handed on the
// answer to a query of a video it writes DIRECTORY/polled, and holds all that comes then until there
// is a DIRECTORY/restarted.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const directory = process.argv[2];
const place = (name) => join(directory, name);
let polled = false;

const write = (name, text) => {
    writeFileSync(place(`${name}.new`), text);
    renameSync(place(`${name}.new`), place(name));
};

const server = createServer(async (incoming, outgoing) => {
    while (polled && !existsSync(place('restarted'))) await pause(10);
    const onward = request({
        host: '127.0.0.1', port: Number(readFileSync(place('port'))), agent: false,
        method: incoming.method, path: incoming.url, headers: incoming.headers,
    });
    onward.on('error', () => outgoing.destroy());
    onward.on('response', (answer) => {
        outgoing.writeHead(answer.statusCode, answer.headers);
        answer.pipe(outgoing);
    });
    outgoing.on('finish', () => {
        if (polled || !incoming.url.includes('/query/video_generation')) return;
        polled = true;
        write('polled', '');
    });
    incoming.pipe(onward);
});
server.listen(0, '127.0.0.1', () => write('relay', String(server.address().port)));
