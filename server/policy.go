package server

import (
	"context"
	"os"
	"path/filepath"

	"outcry/policy"
	"outcry/store"
)

// openPolicy finds the policy in force, and follows its file where there is one.
// A file that is wrong changes nothing: the last good policy stays, and the log
// says where the fault is.
func (s *Server) openPolicy(ctx context.Context, c Config) (err error) {
	s.Policy, err = policy.NewKeeper(ctx, policy.Seams{Store: s.Store, Clock: c.Clock, Log: c.Log, Audit: s.auditPolicy})
	if err != nil || c.Policy == "" {
		return err
	}
	s.policyFile = s.Policy.File(os.DirFS(filepath.Dir(c.Policy)), filepath.Base(c.Policy))
	_ = s.policyFile.Look(ctx) // it was logged
	return nil
}

// auditPolicy notes that a policy came into force by its file.
func (s *Server) auditPolicy(ctx context.Context, actor, action, target, detail string) {
	noted := store.Audit{At: s.clock(), Actor: actor, Action: action, Target: target, Detail: detail}
	if err := s.Store.AddAudit(ctx, noted); err != nil {
		s.log.Error("a change of the policy could not be noted in the audit", "detail", detail, "error", err)
	}
}
