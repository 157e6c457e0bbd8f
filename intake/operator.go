package intake

import (
	"context"
	"crypto/subtle"
	"fmt"
	"sync"

	"outcry"
)

// linkPrefix marks the code that makes the first operator.
const linkPrefix = "oco_"

// operatorLink is the code by which the first operator may join. It is not kept
// beyond the process, so that a new start gives a new one.
type operatorLink struct {
	mu   sync.Mutex
	hash string // "" where there is no code
}

// OperatorLink gives a code by which one person may join as the operator, while
// there is none. Each call gives a new code, and the one before ends. needed is
// false where an operator is there already.
func (in *Intake) OperatorLink(ctx context.Context) (code string, needed bool, err error) {
	in.link.mu.Lock()
	defer in.link.mu.Unlock()
	has, err := in.Operators.HasOperator(ctx)
	if err != nil || has {
		return "", false, wrapped("look for an operator", err)
	}
	code = newSecret(linkPrefix, in.Random)
	in.link.hash = hashOf(code)
	return code, true, nil
}

// JoinAsOperator makes the first operator; the code is used up by it. A wrong or
// used code is Forbidden with the code "link_gone".
func (in *Intake) JoinAsOperator(ctx context.Context, code string, j Joining) (outcry.Member, error) {
	in.link.mu.Lock()
	defer in.link.mu.Unlock()
	if subtle.ConstantTimeCompare([]byte(hashOf(code)), []byte(in.link.hash)) != 1 {
		return outcry.Member{}, linkGone()
	}
	m, err := j.check()
	if err != nil {
		return outcry.Member{}, err
	}
	has, err := in.Operators.HasOperator(ctx)
	if err != nil {
		return outcry.Member{}, wrapped("look for an operator", err)
	}
	if has {
		in.link.hash = ""
		return outcry.Member{}, linkGone()
	}
	m.Operator = true
	if m, err = in.join(ctx, m, j.Password); err != nil {
		return outcry.Member{}, err
	}
	in.link.hash = ""
	return m, nil
}

func linkGone() error {
	return &outcry.Error{Op: "join as operator", Kind: outcry.Forbidden, Code: "link_gone",
		Msg: "this link is wrong or was used; the server prints a new one when it starts without an operator"}
}

// operatorName is that of an operator who joins unattended.
const operatorName = "Operator"

// EnsureOperator sees to it that the member with this address operates the
// market: it joins where nobody has the address, and is promoted where its
// password is this one. Another's address is a Conflict with the code
// "email_taken": whoever took it first does not become the operator. One that
// operates already stays as it is, with its password.
func (in *Intake) EnsureOperator(ctx context.Context, email, password string) error {
	j := Joining{Email: email, Password: password, Name: operatorName}
	fresh, err := j.check()
	if err != nil {
		return err
	}
	m, hash, err := in.Members.MemberByEmail(ctx, fresh.Email)
	if outcry.KindOf(err) == outcry.NotFound {
		fresh.Operator = true
		_, err = in.join(ctx, fresh, password)
		return err
	}
	if err != nil || m.Operator {
		return wrapped("look for the operator", err)
	}
	right, err := in.passwords.verify(ctx, password, hash)
	if err != nil {
		return err
	}
	if !right {
		return &outcry.Error{Op: "make operator", Kind: outcry.Conflict, Code: "email_taken",
			Msg: "a member with this address has another password; give that one, or another address"}
	}
	m.Operator = true
	defer in.Forget(m.ID)
	return wrapped("make operator", in.Members.UpdateMember(ctx, m, ""))
}

// wrapped says what was being done when err came; nil stays nil.
func wrapped(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
