package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"qacorpus/cmd/qacorpus/page"
)

func (a *app) serveCommand() *cobra.Command {
	var port int
	c := &cobra.Command{
		Use:   "serve [DIR…]",
		Short: "Show the corpus on a page in your browser",
		Long: `Shows the papers of the folders, those of the configuration where none is named,
on a page for your browser: a table with first pages and filters and, for each
paper, its text beside its question-answer pairs, with what is wrong with them,
the passages that support them and the pages that nobody asked about.

The page changes as the files do, whether or not qacorpus watches them. It is
read-only: nothing in the folders is written. It is at an address that only this
machine can reach; whoever is logged in here can open it. Ctrl-C ends it.`,
		Example: `  qacorpus serve ~/QA_corpus
  qacorpus serve --port 8123 ~/QA_corpus`,
		Args:              arguments(0, -1),
		ValidArgsFunction: folderArg,
		RunE: func(c *cobra.Command, dirs []string) error {
			return a.serve(c.Context(), dirs, port)
		},
	}
	c.Flags().IntVar(&port, "port", 0, "port to listen on; 0 is any free one")
	return c
}

// serve shows the corpus until ctx ends, which is no error.
func (a *app) serve(ctx context.Context, dirs []string, port int) (err error) {
	if port < 0 || port > 65535 {
		return usagef("--port %d is no port; ports go from 1 to 65535", port)
	}
	c, err := a.folderOrHere(dirs)
	if err != nil {
		return err
	}
	listeners, err := loopback(ctx, port)
	if err != nil {
		return err
	}
	v, err := a.newView(ctx, c)
	if err != nil {
		for _, l := range listeners {
			l.Close()
		}
		return interrupted(ctx, err)
	}
	defer func() {
		if cerr := v.Close(); err == nil {
			err = cerr
		}
	}()
	a.tellState(c)
	at := listeners[0].Addr().(*net.TCPAddr)
	if _, err := fmt.Fprintf(a.out, "http://%s/\n", at); err != nil {
		return err
	}
	fmt.Fprintln(a.err, "open this address in your browser; Ctrl-C ends it")
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return v.Run(ctx) })
	g.Go(func() error { return serveOn(ctx, listeners, page.New(v, hostsOf(at.Port), v.log), v.log) })
	return g.Wait()
}

// loopback listens on this machine's own addresses, of both kinds where there are
// both, so that localhost leads here too.
func loopback(ctx context.Context, port int) ([]net.Listener, error) {
	var config net.ListenConfig
	var all []net.Listener
	var first error
	for _, host := range []string{"127.0.0.1", "::1"} {
		l, err := config.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
		if err != nil {
			if first == nil {
				first = err
			}
			if port != 0 && errors.Is(err, syscall.EADDRINUSE) {
				break
			}
			continue
		}
		all = append(all, l)
		port = l.Addr().(*net.TCPAddr).Port
	}
	switch {
	case len(all) > 0:
		return all, nil
	case errors.Is(first, syscall.EADDRINUSE):
		return nil, withHint(usagef("port %d is used by another program", port), "choose another one, or leave --port out")
	case errors.Is(first, syscall.EACCES):
		return nil, withHint(usagef("you may not listen on port %d", port), "choose one from 1024 on, or leave --port out")
	}
	return nil, fmt.Errorf("listen on the loopback address: %w", first)
}

// hostsOf lists the names under which the page may be asked for.
func hostsOf(port int) []string {
	var hosts []string
	for _, name := range []string{"127.0.0.1", "localhost", "[::1]"} {
		hosts = append(hosts, name+":"+strconv.Itoa(port))
		if port == 80 {
			hosts = append(hosts, name)
		}
	}
	return hosts
}

// endTime is how long visitors' requests may take to end when the page does.
const endTime = 3 * time.Second

// serveOn answers requests until ctx ends; theirs end with it.
func serveOn(ctx context.Context, listeners []net.Listener, h http.Handler, log *slog.Logger) error {
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog:    slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	g, gctx := errgroup.WithContext(ctx)
	for _, l := range listeners {
		g.Go(func() error {
			if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
				return fmt.Errorf("serve page: %w", err)
			}
			return nil
		})
	}
	g.Go(func() error {
		<-gctx.Done()
		patience, cancel := context.WithTimeout(context.Background(), endTime)
		defer cancel()
		if server.Shutdown(patience) != nil {
			server.Close()
		}
		return nil
	})
	return g.Wait()
}
