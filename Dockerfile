# The article, served: the README's own command. Build: docker build -t momentum . ; run: docker run -p 5006:5006 momentum
FROM python:3.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends git make && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home reader
WORKDIR /home/reader/momentum
COPY --chown=reader . .
USER reader
# Installs once, when the image is built; the image then starts at once.
RUN make .venv/.installed
EXPOSE 5006
# Name the public address with --origin on a real host: python -m app serve --origin example.org
CMD ["make", "serve", "HOST=0.0.0.0"]
