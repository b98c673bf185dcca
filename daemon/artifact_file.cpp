#include "daemon/artifact_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace genspool::daemon {

std::optional<OpenedArtifact> open_artifact(const workers::LocalRoot& root,
                                            const std::string& name) {
    auto place = root.find(name);
    if (!place) return std::nullopt;
    auto file = workers::LocalRoot::open_file(*place, O_RDONLY);
    if (!file) return std::nullopt;
    struct stat status{};
    if (::fstat(file->get(), &status) != 0) return std::nullopt;
    OpenedArtifact opened;
    opened.file = std::move(*file);
    opened.bytes = static_cast<std::uint64_t>(status.st_size);
    return opened;
}

std::string read_at(const workers::Descriptor& file, std::uint64_t from, std::uint64_t bytes) {
    std::string piece(bytes, '\0');
    std::size_t filled = 0;
    while (filled < piece.size()) {
        const ssize_t got = ::pread(file.get(), piece.data() + filled, piece.size() - filled,
                                    static_cast<off_t>(from + filled));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        filled += static_cast<std::size_t>(got);
    }
    piece.resize(filled);
    return piece;
}

}  // namespace genspool::daemon
