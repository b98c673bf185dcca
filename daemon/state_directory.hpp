#pragma once

#include <string>

#include "workers/local_descriptor.hpp"

namespace genspool::daemon {

/// The directory everything durable lies in, made where it is missing and locked while it is ours.
/// What holds requests and replies is closed to others (0700); what people fetch from is readable
/// to the group (0750). Throws std::runtime_error, with the reason in words.
class StateDirectory {
public:
    explicit StateDirectory(std::string path);

    const std::string& path() const { return path_; }
    std::string db() const { return path_ + "/db"; }
    std::string spool() const { return path_ + "/spool"; }
    std::string blobs() const { return path_ + "/blobs"; }
    std::string artifacts() const { return path_ + "/artifacts"; }
    std::string results() const { return path_ + "/results"; }
    std::string on_cpu() const { return path_ + "/run/on_cpu"; }
    /// Of the secret that is hashed together with the accounts' keys, see queue_setup().
    std::string key_salt() const { return path_ + "/run/key_salt"; }
    /// Of the secret in the addresses that upstreams call back at, see accounts_of().
    std::string callback_secret() const { return path_ + "/run/callback_secret"; }
    /// Of the secret that signs links to files, see gateway::Links.
    std::string link_secret() const { return path_ + "/run/link_secret"; }
    /// Of the secret that signs the cookies of browsers, see SignIns.
    std::string sign_in_secret() const { return path_ + "/run/sign_in_secret"; }

private:
    void take_lock();

    std::string path_;
    workers::Descriptor lock_;
};

}  // namespace genspool::daemon
