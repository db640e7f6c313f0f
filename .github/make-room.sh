# Room on GitHub's own Linux machines, which come nearly full: what nobody here uses goes.
sudo rm -rf /usr/share/dotnet /usr/local/lib/android /opt/ghc /usr/local/.ghcup /usr/share/swift /opt/hostedtoolcache/CodeQL
df -h /
