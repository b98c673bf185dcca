// A job's artifacts, playing in place.

import { h } from './dom.js';
import { bytes } from './format.js';

const TEXT_BYTES_MAX = 64 * 1024;

/** Only what cannot run anything is shown; all else can be saved. */
function shown(source, artifact, label) {
    const type = artifact.media_type ?? '';
    if (type.startsWith('video/')) {
        return h('video', {
            controls: true,
            preload: 'metadata',
            playsinline: true,
            src: source,
            'aria-label': label,
        });
    }
    if (type.startsWith('audio/'))
        return h('audio', {
            controls: true,
            preload: 'metadata',
            src: source,
            'aria-label': label,
        });
    if (type.startsWith('image/')) return h('img', { src: source, alt: label, loading: 'lazy' });
    if (type === 'application/json' || type === 'application/x-ndjson' || type === 'text/plain') {
        if (artifact.bytes > TEXT_BYTES_MAX) return null;
        const text = h('pre', { class: 'text' }, 'loading…');
        fetch(source)
            .then((reply) =>
                reply.ok ? reply.text() : Promise.reject(new Error(`status ${reply.status}`)),
            )
            .then(
                (read) => {
                    text.textContent = read;
                },
                (error) => {
                    text.textContent = `It cannot be read: ${error.message}.`;
                },
            );
        return text;
    }
    return null;
}

const keeping = (job, artifact) => ({
    'data-key': `/v1/jobs/${job.id}/artifacts/${artifact.n}#${artifact.sha256}`,
    'data-keep': true,
});

function home(job, artifact, label) {
    const source = `/v1/jobs/${job.id}/artifacts/${artifact.n}`;
    const file = artifact.name.split('/').at(-1);
    return h(
        'figure',
        keeping(job, artifact),
        shown(source, artifact, label),
        h(
            'figcaption',
            {},
            h('a', { href: source, download: file }, file),
            h(
                'span',
                { class: 'detail' },
                ` ${artifact.media_type ?? 'unknown type'}, ${bytes(artifact.bytes)}`,
            ),
        ),
    );
}

const WORDS = { open: 'still to come', named: 'on its way', lost: 'lost' };

/**
 * `players` keeps those that were made, by number: a refresh of the page neither loads nor
 * interrupts a film. One that is on the page is never taken off it, not even for a moment, which
 * would end full screen, focus and playing: an empty element with its key stands for it.
 */
export function artifacts(job, players) {
    return job.artifacts.map((artifact) => {
        const number = `${artifact.n + 1} of ${job.artifacts.length}`;
        const label = `${job.kind} ${number} of job ${job.custom_id ?? job.id}`;
        if (artifact.state === 'home') {
            if (!players.has(artifact.n)) players.set(artifact.n, home(job, artifact, label));
            const player = players.get(artifact.n);
            return player.isConnected ? h('figure', keeping(job, artifact)) : player;
        }
        return h(
            'figure',
            { 'data-key': `${job.id}/${artifact.n}` },
            h(
                'p',
                { class: 'empty' },
                `Artifact ${artifact.n + 1}: ${WORDS[artifact.state] ?? artifact.state}.`,
                artifact.failure ? ` ${artifact.failure.message}` : '',
            ),
        );
    });
}
